import type { ErrorShape } from '../../../src-contract/app-error.ts';
import type {
  AvailableUpdate,
  Change,
  Conflict,
  ConflictDetail,
  LibraryEvent,
  PublishSummary,
  TrashEntry,
  UpdateSummary,
  Version,
} from '../../../src-contract/library.ts';
import type { Job } from '../shared/worker-protocol.ts';
import type { LibraryDirs } from './git-jobs.ts';
import type { RemoteAccess, SshAccess } from './remote-access.ts';

/**
 * How far a job is. `done` and `total` count bytes while fetching (the total is unknown) and
 * publishing, objects while verifying, files while merging and writing.
 */
export type Progress = Pick<
  Extract<LibraryEvent, { type: 'progress' }>,
  'phase' | 'done' | 'total'
>;

/** A path of the team's version that is never written, and why, in words. `path` is safe to show. */
export interface Refused {
  readonly path: string;
  readonly reason: string;
}

/** A change that deletes much and waits for a yes. */
export interface Held {
  readonly direction: 'update' | 'publish';
  readonly version: string;
  readonly deletions: number;
  /** Files before it. */
  readonly files: number;
}

export interface Quarantined {
  readonly version: string;
  readonly reason: string;
}

/** A library at rest. */
export interface Overview {
  readonly name: string;
  /** Null for a library without a remote. */
  readonly url: string | null;
  /** Commit id of what is materialised. */
  readonly version: string;
  readonly items: number;
  readonly edited: number;
  readonly conflicts: number;
  /** Commits made here that the remote does not have. */
  readonly queued: number;
  readonly checkedAt: number | null;
  readonly available: AvailableUpdate | null;
  readonly held: Held | null;
  readonly quarantined: readonly Quarantined[];
  /** Files of the team's version that are not written here. */
  readonly refused: readonly Refused[];
}

/** Who a version is by: one line each, no angle brackets, not empty. */
export interface Author {
  readonly name: string;
  readonly email: string;
}

/** What every job takes that may talk to the remote. */
export interface RemoteInput {
  readonly dirs: LibraryDirs;
  readonly access: RemoteAccess;
  /** Milliseconds since 1970. */
  readonly now: number;
}

interface CommitInput extends RemoteInput {
  readonly author: Author;
  /** Deletes more than the brake lets pass without asking. */
  readonly allowDeletions: boolean;
}

/** The jobs that fetch, commit, merge, write and send. One at a time, under the lock of the library. */
export interface SyncJobs {
  /** Finishes or undoes what an interrupted job left, then tells what is here; null where there is no library. */
  open: Job<{ readonly dirs: LibraryDirs }, Overview | null, Progress>;
  /** Clones by the safe sequence. Leaves either the whole library or none. */
  clone: Job<RemoteInput & { readonly url: string }, UpdateSummary, Progress>;
  /** Makes the bundled starter library a repository of its own, with one commit that is the same everywhere. */
  starter: Job<
    { readonly dirs: LibraryDirs; readonly starterDir: string },
    UpdateSummary,
    Progress
  >;
  setRemote: Job<{ readonly dirs: LibraryDirs; readonly url: string }, null, never>;
  /** Connects, and keeps the host's key in Carrel's own list where its fingerprint is the confirmed one. */
  trustHost: Job<
    {
      readonly host: string;
      readonly port: number;
      /** `SHA256:…` */
      readonly fingerprint: string;
      readonly ssh: SshAccess;
    },
    null,
    never
  >;
  /** Fetches and verifies, takes nothing. Null where there is nothing new. */
  check: Job<RemoteInput, AvailableUpdate | null, Progress>;
  /** Takes the newest version, merges, sends what is queued. `unsent`: why the queue still waits. */
  update: Job<
    RemoteInput & { readonly allowDeletions: string | null },
    { readonly summary: UpdateSummary; readonly unsent: ErrorShape | null },
    Progress
  >;
  preview: Job<
    { readonly dirs: LibraryDirs },
    {
      readonly changes: readonly (Change & {
        readonly size: number;
        readonly blocked: string | null;
      })[];
      readonly queued: readonly Version[];
    },
    never
  >;
  publish: Job<
    CommitInput & { readonly message: string; readonly paths: readonly string[] | null },
    PublishSummary,
    Progress
  >;
  rollback: Job<
    CommitInput & { readonly version: string; readonly path: string | null },
    PublishSummary,
    Progress
  >;
  conflicts: Job<{ readonly dirs: LibraryDirs }, readonly Conflict[], never>;
  conflict: Job<
    { readonly dirs: LibraryDirs; readonly path: string },
    ConflictDetail | null,
    never
  >;
  resolve: Job<
    {
      readonly dirs: LibraryDirs;
      readonly path: string;
      readonly take:
        | { readonly kind: 'mine' }
        | { readonly kind: 'theirs' }
        | { readonly kind: 'text'; readonly text: string };
      readonly now: number;
    },
    null,
    never
  >;
  discard: Job<
    { readonly dirs: LibraryDirs; readonly path: string; readonly now: number },
    readonly TrashEntry[],
    never
  >;
}
