import { renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { unknownItem } from '../../errors.ts';
import { inspect } from '../../files/inspect.ts';
import { statOrNull } from '../../files/record.ts';
import { syncDir } from '../../git/atomic-fs.ts';
import type { ItemJobs, Written } from '../../item-jobs.ts';
import { setField } from '../../items/edit-front-matter.ts';
import { fileOid } from '../../git/file-oid.ts';
import { splitFrontMatter } from '../../items/front-matter.ts';
import { badPath } from '../../items/item-errors.ts';
import { folderItemOf } from '../../items/item-kind.ts';
import { isSpelledSo, placeInside, placeToWrite, refuseTaken } from '../../items/item-path.ts';
import { readText } from '../../items/parse-item.ts';
import {
  moveFile,
  onDisk,
  prepareParent,
  removeEmptyFolders,
  syncUp,
  writeOver,
} from '../../items/place-file.ts';
import { readBounded, scanFiles } from '../../items/scan-files.ts';
import { elsewhere, recordHere } from './shelf.ts';

/**
 * Gives a file another place; the main file of a skill or template (or its folder) takes the whole
 * folder along. Nothing is overwritten. Interrupted, the file is at its old place, its new one, or
 * both. Returns the new path of the main file.
 *
 * Errors: `library/none`, `library/unknown-item`, `library/bad-path`, `library/path-taken`, the disk's own.
 */
export function rename({ dirs, from, to }: ItemJobs['rename']['input']): Written {
  return onDisk(() => {
    const record = recordHere(dirs);
    const root = dirs.files;
    placeInside(root, from);
    placeToWrite(root, to);
    if (!isSpelledSo(root, from)) throw unknownItem(from);
    const old = folderItemOf(from);
    const target = old ? folderItemOf(to) : null;
    if (old && statOrNull(join(root, old.folder))?.isDirectory()) {
      if (target?.kind !== old.kind) {
        throw badPath(to, `a ${old.kind} stays a folder beside the other ${old.kind}s`);
      }
      if (target.folder !== old.folder) moveFolder(old.folder, target.folder);
      return written(target.main);
    }
    if (!statOrNull(join(root, from))?.isFile()) throw unknownItem(from);
    if (from === to) return written(to);
    refuseTaken(root, elsewhere(record), to, from);
    moveFile(root, join(root, from), to);
    removeEmptyFolders(root, from);
    return written(to);

    function moveFolder(folder: string, free: string): void {
      refuseTaken(root, elsewhere(record), free, folder);
      for (const { path, stat } of scanFiles(root, record, `${folder}/`)) {
        // A longer name of the folder may make the paths inside too long.
        if (stat) placeToWrite(root, free + path.slice(folder.length));
      }
      renameInside(folder, free);
      prepareParent(root, free);
      renameSync(join(root, folder), join(root, free));
      syncUp(root, free);
      syncDir(join(root, dirname(folder)));
    }

    /** A skill's name is that of its folder. It changes first: interrupted, the whole can be done again. */
    function renameInside(folder: string, free: string): void {
      const main = `${folder}/SKILL.md`;
      const found = inspect(join(root, main));
      const source =
        found.kind === 'file' ? readText(readBounded(join(root, main)) ?? Buffer.alloc(0)) : null;
      if (found.kind !== 'file' || source === null) return;
      const { name } = splitFrontMatter(source).fields;
      const edited = name === basename(folder) ? setField(source, 'name', basename(free)) : null;
      if (edited !== null) writeOver(dirs, main, Buffer.from(edited, 'utf8'), found);
    }

    function written(path: string): Written {
      const stat = statOrNull(join(root, path));
      if (!stat?.isFile()) throw unknownItem(path);
      return { path, oid: fileOid(join(root, path), stat.size) };
    }
  });
}
