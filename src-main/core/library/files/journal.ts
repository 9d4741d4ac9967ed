import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing, writeAtomic } from '../git/atomic-fs.ts';
import { noteDamaged } from '../errors.ts';
import type { Why } from './trash.ts';

/**
 * What a job decided to do: durable before anything moves, and carried out again from here until it
 * is done. There is no other door through which refs, record and files change together.
 */
export interface Intent {
  /** The team's version from now on. */
  readonly trusted: string;
  /** Tip of the queue of local commits; null where nothing waits. */
  readonly local: string | null;
  /** Name of the folder of the trash for what this takes out: the same when it is repeated. */
  readonly trash: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Why files go that the new version doesn't have. */
  readonly why: Why;
  /** Paths whose edits start from something else than what was written there. Null: from no file. */
  readonly bases: readonly { readonly path: string; readonly oid: string | null }[];
}

type Stored =
  | (Intent & { readonly format: 2 })
  /** Of an older Carrel: only to bring the files to a version. */
  | { readonly format?: undefined; readonly commit: string; readonly trash: string };

interface JournalPlaces {
  readonly file: string;
  /** New files are written here first: the same file system as the library's files. */
  readonly staging: string;
}

export function journalPlaces(journalDir: string): JournalPlaces {
  return { file: join(journalDir, 'library.json'), staging: join(journalDir, 'library-staging') };
}

export function readJournal(journalDir: string): Intent | null {
  let text: string;
  try {
    text = readFileSync(journalPlaces(journalDir).file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  const stored = parse(text, journalPlaces(journalDir).file);
  if (stored.format === 2) return stored;
  const { commit, trash } = stored;
  return { trusted: commit, local: null, trash, at: 0, why: 'team-deleted', bases: [] };
}

function parse(text: string, file: string): Stored {
  try {
    return JSON.parse(text) as Stored;
  } catch (error) {
    if (error instanceof SyntaxError) throw noteDamaged(file, error);
    throw error;
  }
}

/** Durable when it returns; empties the staging folder of an earlier run. */
export function openJournal(journalDir: string, intent: Intent): void {
  const { file, staging } = journalPlaces(journalDir);
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true, mode: 0o700 });
  const stored: Stored = { ...intent, format: 2 };
  writeAtomic(file, Buffer.from(JSON.stringify(stored), 'utf8'), staging);
}

export function closeJournal(journalDir: string): void {
  const { file, staging } = journalPlaces(journalDir);
  rmSync(file, { force: true });
  rmSync(staging, { recursive: true, force: true });
}
