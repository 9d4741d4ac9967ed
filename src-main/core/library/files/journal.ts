import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing, writeAtomic } from '../git/atomic-fs.ts';

/** The intent to bring the files to a version. There while it may be half done. */
export interface Journal {
  readonly commit: string;
  /** Folder below the trash that takes what this run removes; the same when the run is repeated. */
  readonly trash: string;
}

interface JournalPlaces {
  readonly file: string;
  /** New files are written here first: the same file system as the library's files. */
  readonly staging: string;
}

export function journalPlaces(journalDir: string): JournalPlaces {
  return { file: join(journalDir, 'library.json'), staging: join(journalDir, 'library-staging') };
}

export function readJournal(journalDir: string): Journal | null {
  try {
    return JSON.parse(readFileSync(journalPlaces(journalDir).file, 'utf8')) as Journal;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Durable when it returns; empties the staging folder of an earlier run. */
export function openJournal(journalDir: string, journal: Journal): void {
  const { file, staging } = journalPlaces(journalDir);
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true, mode: 0o700 });
  writeAtomic(file, Buffer.from(JSON.stringify(journal), 'utf8'), staging);
}

export function closeJournal(journalDir: string): void {
  const { file, staging } = journalPlaces(journalDir);
  rmSync(file, { force: true });
  rmSync(staging, { recursive: true, force: true });
}
