import type { ItemJobs } from './item-jobs.ts';
import type { SyncJobs } from './sync-jobs.ts';

/** Where a library lives; part of `WorkspacePaths`. Strings only, so that it goes to the worker as it is. */
export interface LibraryDirs {
  /** Private git directory. No index, no work tree; nothing but Carrel writes here. */
  readonly library: string;
  /** The materialised files, open to every editor. */
  readonly files: string;
  readonly trash: string;
  readonly journal: string;
}

/** What the git worker does. Every job may be repeated: it takes up what an interrupted one left. */
export interface GitJobs extends SyncJobs, ItemJobs {}
