import { z } from 'zod';
import { errorShape, id, name, path, paths, resultCount, searchText } from './common.ts';
import { command, nothing, query, stream } from './define.ts';
import { lazy } from './lazy.ts';
import { MAX_UPLOAD_BYTES, MAX_UPLOAD_CHUNK_CHARS } from './limits.ts';

export const collection = lazy(() =>
  z.object({
    name: z.string(),
    /** `library`: part of the team's library, read only here. `local`: files, folders or uploads of this machine. */
    origin: z.enum(['library', 'local']),
    files: z.int(),
    chunks: z.int(),
    bytes: z.int(),
    failed: z.int(),
    state: z.enum(['ready', 'indexing', 'failed']),
    /** Absolute folders and files that were added. */
    sources: z.array(z.string()),
  }),
);
export type Collection = z.infer<ReturnType<typeof collection>>;

export const knowledgeFile = lazy(() =>
  z.object({
    path: z.string(),
    bytes: z.int(),
    chunks: z.int(),
    state: z.enum(['indexed', 'skipped', 'failed']),
    error: errorShape().nullable(),
  }),
);
export type KnowledgeFile = z.infer<ReturnType<typeof knowledgeFile>>;

export const addSummary = lazy(() =>
  z.object({
    collection: z.string(),
    files: z.object({
      total: z.int(),
      indexed: z.int(),
      unchanged: z.int(),
      skipped: z.int(),
      failed: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })),
    }),
    chunks: z.int(),
    bytes: z.int(),
    ms: z.number(),
  }),
);
export type AddSummary = z.infer<ReturnType<typeof addSummary>>;

export const indexEvent = lazy(() =>
  z.discriminatedUnion('type', [
    /** `total` is null until the walk has ended. */
    z.object({
      type: z.literal('progress'),
      done: z.int(),
      total: z.int().nullable(),
      path: z.string(),
    }),
    z.object({
      type: z.literal('file'),
      path: z.string(),
      state: z.enum(['indexed', 'unchanged', 'skipped', 'failed']),
      error: errorShape().nullable(),
    }),
    z.object({ type: z.literal('done'), summary: addSummary() }),
  ]),
);
export type IndexEvent = z.infer<ReturnType<typeof indexEvent>>;

export const searchResult = lazy(() =>
  z.object({
    rank: z.int(),
    score: z.number(),
    collection: z.string(),
    path: z.string(),
    title: z.string(),
    page: z.int().nullable(),
    /** 1-based, inclusive. */
    startLine: z.int(),
    endLine: z.int(),
    text: z.string(),
    /** Found words in `text`: pairs of start and end offsets in UTF-16 units. */
    marks: z.array(z.tuple([z.int(), z.int()])),
  }),
);
export type SearchResult = z.infer<ReturnType<typeof searchResult>>;

export const passage = lazy(() =>
  z.object({
    collection: z.string(),
    path: z.string(),
    title: z.string(),
    /** Line number of `lines[0]`, 1-based. */
    firstLine: z.int(),
    lines: z.array(z.string()),
    totalLines: z.int(),
    /** The source changed since it was indexed: lines may have moved. */
    stale: z.boolean(),
  }),
);
export type Passage = z.infer<ReturnType<typeof passage>>;

export const knowledgeRoutes = {
  'knowledge.collections': query('All collections, library first, then by name.', nothing, () =>
    z.object({ collections: z.array(collection()) }),
  ),
  'knowledge.files': query(
    'Files of a collection by path, with their state.',
    () =>
      z.strictObject({
        collection: name(),
        offset: z.int().min(0).max(10_000_000).default(0),
        limit: resultCount().default(200),
        only: z.enum(['all', 'problems']).default('all'),
      }),
    () => z.object({ files: z.array(knowledgeFile()), total: z.int() }),
  ),
  'knowledge.add': stream(
    'Adds files and folders (absolute paths) to a collection and indexes them. Unchanged files cost a look only. The collection is made where it does not exist; without a name it takes that of the first path.',
    () => z.strictObject({ collection: name().optional(), paths: paths() }),
    () => indexEvent(),
  ),
  'knowledge.upload': command(
    'Takes one file piece by piece (a browser has no paths). Pieces come in order; the piece marked `last` stores the file encrypted and indexes it.',
    () =>
      z.strictObject({
        collection: name(),
        uploadId: id(),
        path: path(),
        offset: z.int().min(0).max(MAX_UPLOAD_BYTES),
        data: z
          .string()
          .max(MAX_UPLOAD_CHUNK_CHARS)
          .regex(/^[A-Za-z0-9+/]*={0,2}$/, 'is not base64'),
        last: z.boolean(),
      }),
    () => z.object({ received: z.int(), file: knowledgeFile().nullable() }),
  ),
  'knowledge.reindex': stream(
    'Looks at all sources of a collection again and indexes what changed; `rebuild` forgets the index first.',
    () => z.strictObject({ collection: name(), rebuild: z.boolean().default(false) }),
    () => indexEvent(),
  ),
  'knowledge.remove': command(
    'Removes a collection from Carrel. Files on disk stay where they are; uploaded files are erased.',
    () => z.strictObject({ collection: name() }),
    () => z.object({ files: z.int() }),
  ),
  'knowledge.search': query(
    'Best passages first. `lexical` is the only mode until an embedding model is set up; the others answer with `knowledge/mode-unavailable`.',
    () =>
      z.strictObject({
        query: searchText(),
        collections: z.array(name()).max(50).optional(),
        k: resultCount().default(10),
        mode: z.enum(['hybrid', 'lexical', 'vector']).default('lexical'),
      }),
    () => z.object({ ms: z.number(), files: z.int(), results: z.array(searchResult()) }),
  ),
  'knowledge.passage': query(
    'Lines of a document around a passage, for reading a citation at its place.',
    () =>
      z.strictObject({
        collection: name(),
        path: path(),
        startLine: z.int().min(1).max(100_000_000),
        endLine: z.int().min(1).max(100_000_000),
        /** Lines before and after. */
        context: z.int().min(0).max(500).default(40),
      }),
    () => passage(),
  ),
  'knowledge.browse': query(
    'Folders and files of this machine, for the path picker of the web shell. Starts at the home folder.',
    () => z.strictObject({ path: path().optional() }),
    () =>
      z.object({
        path: z.string(),
        parent: z.string().nullable(),
        entries: z.array(z.object({ name: z.string(), kind: z.enum(['folder', 'file']) })),
        truncated: z.boolean(),
      }),
  ),
  'knowledge.eval': command(
    'Scores retrieval on a BEIR folder (corpus.jsonl, queries.jsonl, qrels/test.tsv) in a scratch index that is removed afterwards.',
    () => z.strictObject({ dir: path() }),
    () =>
      z.object({
        queries: z.int(),
        documents: z.int(),
        ndcg10: z.number(),
        recall100: z.number(),
        mrr10: z.number(),
        p50Ms: z.number(),
        p95Ms: z.number(),
        indexMs: z.number(),
      }),
  ),
} as const;
