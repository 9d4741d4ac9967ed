import type {
  Change,
  Item,
  ItemDetail,
  ItemKind,
  LibraryEvent,
} from '../../../src-contract/library.ts';
import type { Job } from '../shared/worker-protocol.ts';
import type { Credentials } from './remote-url.ts';

/** Where a library lives; part of `WorkspacePaths`. Strings only, so that it goes to the worker as it is. */
export interface LibraryDirs {
  /** Private git directory. No index, no work tree; nothing but Carrel writes here. */
  readonly library: string;
  /** The materialised files, open to every editor. */
  readonly files: string;
  readonly trash: string;
  readonly journal: string;
}

/**
 * How far a job is. `done` and `total` count bytes while fetching (the total is unknown), objects
 * while verifying, files while writing.
 */
export type Progress = Pick<
  Extract<LibraryEvent, { type: 'progress' }>,
  'phase' | 'done' | 'total'
>;

/** A library at rest. */
export interface Overview {
  readonly name: string;
  /** Null for the starter library. */
  readonly url: string | null;
  /** Commit id of what is materialised. */
  readonly version: string;
  readonly items: number;
  readonly edited: number;
  readonly checkedAt: number | null;
  /** Files of the team's version that are not written here. */
  readonly refused: readonly Refused[];
}

/** A path of the team's version that is never written, and why, in words. `path` is safe to show. */
export interface Refused {
  readonly path: string;
  readonly reason: string;
}

export interface Advance {
  readonly state: 'updated' | 'unchanged' | 'kept-local-edits';
  readonly version: string;
  readonly changed: readonly Change[];
  readonly kept: readonly string[];
}

export interface Version {
  readonly version: string;
  readonly message: string;
  readonly author: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What the git worker does. Every job may be repeated: it takes up what an interrupted one left. */
export interface GitJobs {
  /** Finishes or undoes what an interrupted job left, then tells what is here; null where there is no library. */
  open: Job<{ readonly dirs: LibraryDirs }, Overview | null, Progress>;
  /** Clones by the safe sequence. Leaves either the whole library or none. */
  clone: Job<
    {
      readonly dirs: LibraryDirs;
      readonly url: string;
      readonly credentials: Credentials | null;
      readonly now: number;
    },
    Advance,
    Progress
  >;
  /** Makes the bundled starter library a repository of its own, with one commit that is the same everywhere. */
  starter: Job<{ readonly dirs: LibraryDirs; readonly starterDir: string }, Advance, Progress>;
  /** Fetches and fast-forwards. */
  update: Job<
    { readonly dirs: LibraryDirs; readonly credentials: Credentials | null; readonly now: number },
    Advance,
    Progress
  >;
  overview: Job<{ readonly dirs: LibraryDirs }, Overview | null, never>;
  items: Job<
    { readonly dirs: LibraryDirs; readonly kind: ItemKind | null },
    readonly Item[],
    never
  >;
  item: Job<{ readonly dirs: LibraryDirs; readonly path: string }, ItemDetail | null, never>;
  log: Job<{ readonly dirs: LibraryDirs; readonly limit: number }, readonly Version[], never>;
}
