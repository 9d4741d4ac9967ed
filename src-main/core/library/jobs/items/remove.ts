import { join } from 'node:path';
import type { TrashEntry } from '../../../../../src-contract/library.ts';
import { unknownItem } from '../../errors.ts';
import { statOrNull } from '../../files/record.ts';
import { openTrash } from '../../files/trash.ts';
import type { ItemJobs } from '../../item-jobs.ts';
import { folderItemOf } from '../../items/item-kind.ts';
import { isSpelledSo, placeInside } from '../../items/item-path.ts';
import { onDisk, removeEmptyFolders } from '../../items/place-file.ts';
import { scanFiles } from '../../items/scan-files.ts';
import { recordHere } from './shelf.ts';

/**
 * Moves a file to the trash; the main file of a skill or template (or its folder) takes the whole
 * folder along, itself last: interrupted, what is left still is the item and can be removed again.
 * `now`: milliseconds since 1970.
 *
 * Errors: `library/none`, `library/unknown-item`, `library/bad-path`, the disk's own.
 */
export function remove({ dirs, path, now }: ItemJobs['remove']['input']): readonly TrashEntry[] {
  return onDisk(() => {
    const record = recordHere(dirs);
    const root = dirs.files;
    placeInside(root, path);
    if (!isSpelledSo(root, path)) throw unknownItem(path);
    const item = folderItemOf(path);
    const isFolder = item !== null && statOrNull(join(root, item.folder))?.isDirectory() === true;
    const paths = isFolder ? filesOf(item.folder, item.main) : [path];
    if (!isFolder && !statOrNull(join(root, path))?.isFile()) throw unknownItem(path);
    const trash = openTrash(dirs.trash, { at: now, why: 'removed' });
    return paths.map((each) => {
      const entry = trash.take(join(root, each), each);
      removeEmptyFolders(root, each);
      return entry;
    });

    function filesOf(folder: string, main: string): readonly string[] {
      const here = scanFiles(root, record, `${folder}/`).filter(({ stat }) => stat !== null);
      const paths = here.map((file) => file.path);
      return [...paths.filter((each) => each !== main), ...paths.filter((each) => each === main)];
    }
  });
}
