import type {
  Change,
  FileDiff,
  Item,
  ItemDetail,
  ItemKind,
  ParsedItem,
  TrashEntry,
  Version,
} from '../../../src-contract/library.ts';
import type { Job } from '../shared/worker-protocol.ts';
import type { LibraryDirs } from './git-jobs.ts';
import type { Overview } from './sync-jobs.ts';

interface Here {
  readonly dirs: LibraryDirs;
}

/** A file as it was written: its path and git's hash of its bytes. */
export interface Written {
  readonly path: string;
  readonly oid: string;
}

/** What an exchange with another program's format did. */
export interface Exchanged {
  readonly written: readonly string[];
  /** In words: what could not be carried over. */
  readonly lost: readonly string[];
}

export type ExchangeFormat = 'claude' | 'vscode' | 'cursor' | 'agents';

/**
 * The jobs that read the library, and those that write files as an editor would: they change no ref
 * and no record, so they may run beside a sync, which looks at each file right before it replaces it.
 */
export interface ItemJobs {
  overview: Job<Here, Overview | null, never>;
  items: Job<Here & { readonly kind: ItemKind | null }, readonly Item[], never>;
  item: Job<Here & { readonly path: string }, ItemDetail | null, never>;
  parse: Job<{ readonly path: string; readonly content: string }, ParsedItem, never>;
  create: Job<
    Here & {
      readonly kind: Extract<ItemKind, 'prompt' | 'agent' | 'skill' | 'knowledge'>;
      readonly name: string;
      readonly collection: string | null;
    },
    Written,
    never
  >;
  save: Job<
    Here & { readonly path: string; readonly content: string; readonly expect: string | null },
    Written,
    never
  >;
  rename: Job<Here & { readonly from: string; readonly to: string }, Written, never>;
  remove: Job<Here & { readonly path: string; readonly now: number }, readonly TrashEntry[], never>;
  trash: Job<Here, readonly TrashEntry[], never>;
  restore: Job<Here & { readonly id: string }, Written, never>;
  log: Job<
    Here & { readonly limit: number; readonly path: string | null },
    readonly Version[],
    never
  >;
  show: Job<
    Here & { readonly version: string },
    { readonly version: Version; readonly changed: readonly Change[] },
    never
  >;
  at: Job<
    Here & { readonly version: string; readonly path: string },
    ParsedItem & { readonly source: string | null; readonly size: number },
    never
  >;
  diff: Job<
    Here & { readonly path: string; readonly from: string | null; readonly to: string | null },
    FileDiff,
    never
  >;
  export: Job<Here & { readonly to: ExchangeFormat; readonly dir: string }, Exchanged, never>;
  import: Job<Here & { readonly from: string }, Exchanged, never>;
}
