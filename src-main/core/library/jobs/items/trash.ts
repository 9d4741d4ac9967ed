import type { TrashEntry } from '../../../../../src-contract/library.ts';
import { listTrash } from '../../files/trash.ts';
import type { ItemJobs } from '../../item-jobs.ts';

/** What was taken out of the library, newest first. */
export function trash({ dirs }: ItemJobs['trash']['input']): readonly TrashEntry[] {
  return listTrash(dirs.trash);
}
