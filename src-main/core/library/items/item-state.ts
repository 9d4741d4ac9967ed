import type { ItemState } from '../../../../src-contract/library.ts';
import type { FileRecord } from '../files/record.ts';
import type { Refused } from '../sync-jobs.ts';
import type { LocalState } from './scan-files.ts';

/** What the record says of paths, besides the files it wrote. */
export interface Standing {
  /** Changed here and by the team. */
  readonly pending: ReadonlySet<string>;
  readonly refused: ReadonlyMap<string, Refused>;
  /** Differ between what was published here and what the remote has. */
  readonly queued: ReadonlySet<string>;
}

export function standingOf(record: FileRecord): Standing {
  return {
    pending: new Set(record.pending.keys()),
    refused: new Map(record.refused.map((refused) => [refused.path, refused])),
    queued: new Set(record.queued.paths),
  };
}

/** State of one file. `local` is null where nothing is here and nothing was written here. */
export function stateOf(standing: Standing, path: string, local: LocalState | null): ItemState {
  if (standing.pending.has(path)) return 'conflict';
  if (standing.refused.has(path)) return 'quarantined';
  if (local !== null && local !== 'clean') return local;
  return standing.queued.has(path) ? 'queued' : 'clean';
}

/** State of an item that is a folder: the strongest of its files. `added` and `deleted` where the item itself is. */
export function folderState(main: ItemState, parts: Iterable<ItemState>): ItemState {
  const all = new Set<ItemState>([main, ...parts]);
  if (all.has('conflict')) return 'conflict';
  if (all.has('quarantined')) return 'quarantined';
  if (main === 'added' || main === 'deleted') return main;
  if (all.has('edited') || all.has('added') || all.has('deleted')) return 'edited';
  return all.has('queued') ? 'queued' : 'clean';
}
