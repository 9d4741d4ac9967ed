import { MAX_FILE_BYTES } from '../../limits.ts';
import { inspect } from '../../files/inspect.ts';
import { blobOid } from '../../git/objects.ts';
import type { ItemJobs, Written } from '../../item-jobs.ts';
import {
  badPath,
  badText,
  changedMeanwhile,
  fileTooLarge,
  pathTaken,
} from '../../items/item-errors.ts';
import { isSpelledSo, placeToWrite, refuseTaken } from '../../items/item-path.ts';
import { onDisk, writeNew, writeOver } from '../../items/place-file.ts';
import { elsewhere, recordHere } from './shelf.ts';

/**
 * Writes a text as the file at a path, where that still has the bytes with the hash `expect` (null:
 * still is not there). The same text again is done already. After an error nothing is written.
 *
 * Errors: `library/none`, `library/bad-path`, `library/bad-text` (half characters),
 * `library/file-too-large`, `library/path-taken` (another spelling of a name that is there),
 * `library/changed-meanwhile`, the disk's own.
 */
export function save({ dirs, path, content, expect }: ItemJobs['save']['input']): Written {
  return onDisk(() => {
    const record = recordHere(dirs);
    const at = placeToWrite(dirs.files, path);
    if (!content.isWellFormed()) throw badText(path);
    const bytes = Buffer.from(content, 'utf8');
    if (bytes.length > MAX_FILE_BYTES) throw fileTooLarge(path);
    const oid = blobOid(bytes);
    const found = inspect(at);
    switch (found.kind) {
      case 'folder':
      case 'other':
        throw badPath(path, 'a folder or a link stands there');
      case 'missing':
        if (expect !== null) throw changedMeanwhile(path);
        refuseTaken(dirs.files, elsewhere(record), path);
        writeNew(dirs, path, bytes);
        break;
      case 'file':
        if (!isSpelledSo(dirs.files, path)) throw pathTaken(path);
        if (found.oid === oid) break;
        if (found.oid !== expect) throw changedMeanwhile(path);
        writeOver(dirs, path, bytes, found);
        break;
    }
    return { path, oid };
  });
}
