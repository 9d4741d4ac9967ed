import type { EncryptedDb } from '../../../db/open.ts';
import { MAX_RANKED_CHUNKS } from '../limits.ts';
import type { SearchTerms } from '../text/query.ts';
import { rankFiles, type ChunkHit, type RankedFile } from './rank.ts';

export interface CollectionCounts {
  readonly collection: string;
  readonly files: number;
  readonly chunks: number;
  readonly bytes: number;
  readonly failed: number;
}

export interface FileRow {
  readonly id: number;
  readonly collection: string;
  readonly path: string;
  readonly origin: string;
  readonly kind: string;
  readonly bytes: number;
  readonly mtime: number | null;
  readonly hash: string | null;
  readonly state: 'indexed' | 'skipped' | 'failed';
  readonly error: string | null;
  readonly chunks: number;
}

const FILE_COLUMNS = 'id, collection, path, origin, kind, bytes, mtime, hash, state, error, chunks';
const IN_COLLECTIONS = 'collection IN (SELECT value FROM json_each(?))';
/** The order of joins is fixed: the words find the chunks, never the other way round. */
const HITS = `
  SELECT chunks.id AS id, -words.rank AS score, chunks.file AS file, files.kind AS kind,
         chunks.start_line AS startLine, chunks.end_line AS endLine, chunks.title AS title
  FROM words CROSS JOIN chunks ON chunks.id = words.rowid CROSS JOIN files ON files.id = chunks.file
  WHERE words MATCH ? AND files.${IN_COLLECTIONS}
  ORDER BY words.rank LIMIT ${MAX_RANKED_CHUNKS}`;

/** Reads the index. Collections are meant by their ids. */
export class ShardReader {
  readonly #db: EncryptedDb;

  constructor(db: EncryptedDb) {
    this.#db = db;
  }

  states(): Map<string, 'partial' | 'complete'> {
    const rows = this.#db
      .prepare<[], { id: string; state: 'partial' | 'complete' }>(
        'SELECT id, state FROM collections',
      )
      .all();
    return new Map(rows.map((row) => [row.id, row.state]));
  }

  counts(): CollectionCounts[] {
    return this.#db
      .prepare<[], CollectionCounts>(
        `SELECT collection, count(*) AS files, sum(chunks) AS chunks, sum(bytes) AS bytes,
                sum(state = 'failed') AS failed FROM files GROUP BY collection`,
      )
      .all();
  }

  /** Files by path, and how many there are in all. */
  files(
    collection: string,
    page: { readonly offset: number; readonly limit: number; readonly only: 'all' | 'problems' },
  ): { readonly files: FileRow[]; readonly total: number } {
    const where = `collection = ?${page.only === 'problems' ? ' AND error IS NOT NULL' : ''}`;
    const total = this.#db
      .prepare<[string], number>(`SELECT count(*) FROM files WHERE ${where}`)
      .pluck()
      .get(collection);
    const files = this.#db
      .prepare<[string, number, number], FileRow>(
        `SELECT ${FILE_COLUMNS} FROM files WHERE ${where} ORDER BY path LIMIT ? OFFSET ?`,
      )
      .all(collection, page.limit, page.offset);
    return { files, total: total ?? 0 };
  }

  file(collection: string, path: string): FileRow | null {
    const row = this.#db
      .prepare<[string, string], FileRow>(
        `SELECT ${FILE_COLUMNS} FROM files WHERE collection = ? AND path = ?`,
      )
      .get(collection, path);
    return row ?? null;
  }

  fileById(id: number): FileRow | null {
    const row = this.#db
      .prepare<[number], FileRow>(`SELECT ${FILE_COLUMNS} FROM files WHERE id = ?`)
      .get(id);
    return row ?? null;
  }

  /** Where every file of a collection is, with its path and hash. */
  origins(collection: string): { origin: string; path: string; hash: string | null }[] {
    return this.#db
      .prepare<[string], { origin: string; path: string; hash: string | null }>(
        'SELECT origin, path, hash FROM files WHERE collection = ?',
      )
      .all(collection);
  }

  /** Title of the chunk that holds a line; empty where it has none. */
  titleAt(file: number, line: number): string {
    const title = this.#db
      .prepare<[number, number], string>(
        'SELECT title FROM chunks WHERE file = ? AND start_line <= ? ORDER BY start_line DESC LIMIT 1',
      )
      .pluck()
      .get(file, line);
    return title ?? '';
  }

  /** Files of the collections that have any of the words, best first. */
  rank(terms: SearchTerms, collections: readonly string[]): RankedFile[] {
    const inCollections = JSON.stringify(collections);
    const find = this.#db.prepare<[string, string], ChunkHit>(HITS);
    const hits = find.all(terms.any, inCollections);
    if (hits.length === 0 || terms.phrase === null) return rankFiles(hits, [], []);
    const titled = find.all(`{path title} : ${terms.phrase}`, inCollections);
    const literal = terms.literal ? find.all(terms.phrase, inCollections) : [];
    return rankFiles(hits, literal, titled);
  }
}
