import { AppError } from '../../../../../src-contract/app-error.ts';
import { readTrash } from '../../files/trash.ts';
import type { ItemJobs, Written } from '../../item-jobs.ts';
import { fileOid } from '../../git/file-oid.ts';
import { freePlace } from '../../items/free-place.ts';
import { placeInside } from '../../items/item-path.ts';
import { moveFile, onDisk } from '../../items/place-file.ts';
import { elsewhere, recordHere } from './shelf.ts';

/**
 * Puts a file from the trash back to its path, or beside it with a number where that is taken.
 * Interrupted, it is in the trash, back, or both.
 *
 * Errors: `library/none`, `library/not-in-trash`, `library/bad-path`, the disk's own.
 */
export function restore({ dirs, id }: ItemJobs['restore']['input']): Written {
  return onDisk(() => {
    const record = recordHere(dirs);
    const found = readTrash(dirs.trash, id);
    if (!found) throw notInTrash();
    const path = freePlace(dirs.files, elsewhere(record), found.entry.path);
    placeInside(dirs.files, path);
    const oid = fileOid(found.file, found.entry.size);
    moveFile(dirs.files, found.file, path);
    return { path, oid };
  });
}

function notInTrash(): AppError {
  return new AppError('library/not-in-trash', 'The trash does not have this any more.', {
    remedy: 'Look at the trash again: it may have been put back already.',
    action: 'open-library',
  });
}
