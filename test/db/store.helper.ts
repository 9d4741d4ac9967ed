import { execFile, fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { openEncrypted, type EncryptedDb } from '../../src-main/db/open.ts';

export interface Place {
  dir: string;
  file: string;
  key: Buffer;
}

/** A folder, a path and a key of its own for each test of a file. */
export function freshPlace(): Place {
  const place: Place = { dir: '', file: '', key: Buffer.alloc(0) };
  beforeEach(() => {
    place.dir = mkdtempSync(join(tmpdir(), 'carrel-db-'));
    place.file = join(place.dir, 'store.db');
    place.key = randomBytes(32);
  });
  afterEach(() => rmSync(place.dir, { recursive: true, force: true }));
  return place;
}

/** Opens, runs, closes. */
export function withStore<T>({ file, key }: Place, use: (db: EncryptedDb) => T): T {
  const db = openEncrypted(file, key);
  try {
    return use(db);
  } finally {
    db.close();
  }
}

export function codeOf(run: () => unknown): string {
  try {
    run();
    return 'no error';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

const WRITER = join(import.meta.dirname, 'write-rows.helper.ts');

/** A process that writes rows and says each one that is committed. */
export function startWriter({ file, key }: Place): ChildProcess {
  return fork(WRITER, [file, key.toString('hex')], { execArgv: ['--no-warnings'] });
}

/** Runs the same in a shell that limits the size of files; gives what it said last. */
export function writeUnderLimit({ file, key }: Place, blocks: number): Promise<string> {
  const script = `ulimit -f ${blocks} && exec "$0" --no-warnings "$@"`;
  const args = ['-c', script, process.execPath, WRITER, file, key.toString('hex')];
  return new Promise((resolve, reject) => {
    execFile('sh', args, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message} ${stderr}`));
      else resolve(stdout.trim().split('\n').at(-1) ?? '');
    });
  });
}
