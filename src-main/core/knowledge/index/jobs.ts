import type { ErrorShape } from '../../../../src-contract/app-error.ts';
import type { Job } from '../../shared/worker-protocol.ts';

/** Where the index is and what opens it. */
export interface ShardPlace {
  readonly dir: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

/** A file to look at: where it is, and its path as the collection shows it. */
export interface Entry {
  readonly origin: string;
  readonly path: string;
}

export type FileState = 'indexed' | 'unchanged' | 'skipped' | 'failed';

/** What became of one file. */
export interface Outcome {
  readonly path: string;
  readonly state: FileState;
  readonly error: ErrorShape | null;
  readonly bytes: number;
  readonly chunks: number;
}

export interface EvalFigures {
  readonly queries: number;
  readonly documents: number;
  readonly ndcg10: number;
  readonly recall100: number;
  readonly mrr10: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly indexMs: number;
}

interface InCollection {
  readonly shard: ShardPlace;
  readonly collection: string;
}

/** Jobs of the `index` worker. Each may be repeated: what was committed is seen as unchanged. */
export interface IndexJobs {
  /**
   * Lists the files below sources; `missing` are the sources that can't be read. `known` are the
   * files that the collection has: they keep their paths. Progress: files found.
   */
  readonly walk: Job<
    {
      readonly sources: readonly string[];
      readonly exclude: readonly string[];
      readonly known: readonly Entry[];
    },
    {
      readonly entries: readonly Entry[];
      readonly missing: readonly { readonly path: string; readonly error: ErrorShape }[];
    },
    number
  >;
  /** Looks at files and indexes what changed. Progress: `start` before a file, its outcome after its commit. */
  readonly files: Job<
    InCollection & { readonly entries: readonly Entry[] },
    null,
    | { readonly type: 'start'; readonly index: number }
    | { readonly type: 'file'; readonly index: number; readonly outcome: Outcome }
  >;
  /** Indexes a document whose bytes are not on disk in plain. */
  readonly document: Job<
    InCollection & Entry & { readonly hash: string; readonly bytes: Uint8Array },
    Outcome,
    never
  >;
  /** Records a file that could not be read at all. */
  readonly failure: Job<InCollection & Entry & { readonly error: ErrorShape }, null, never>;
  /** Marks a collection: `partial` while it is being indexed, `complete` when all was looked at. */
  readonly mark: Job<InCollection & { readonly state: 'partial' | 'complete' }, null, never>;
  /** Takes files out of the index, then erases their words. */
  readonly forget: Job<InCollection & { readonly origins: readonly string[] }, number, never>;
  /** Takes collections out of the index, then erases their words. */
  readonly drop: Job<
    { readonly shard: ShardPlace; readonly collections: readonly string[] },
    number,
    never
  >;
  /** Throws the index away and begins an empty one. Nobody else may have it open. */
  readonly reset: Job<{ readonly shard: ShardPlace }, null, never>;
  /** Scores retrieval on a BEIR folder in a scratch index below `scratch`. */
  readonly eval: Job<{ readonly dir: string; readonly scratch: string }, EvalFigures, never>;
}
