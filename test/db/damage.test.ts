import { execFile } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integrityProblems, openEncrypted } from '../../src-main/db/open.ts';
import { freshPlace, startWriter, withStore, writeUnderLimit } from './store.helper.ts';

const place = freshPlace();
const PAGE = 4_096;

function fill(): void {
  withStore(place, (db) => {
    db.exec('CREATE TABLE t (n INTEGER PRIMARY KEY, text); CREATE INDEX i ON t (text)');
    db.exec('CREATE VIRTUAL TABLE words USING fts5(text)');
    const rows = db.prepare('INSERT INTO t (text) VALUES (?)');
    const words = db.prepare('INSERT INTO words VALUES (?)');
    db.transaction(() => {
      for (let n = 0; n < 400; n += 1) {
        rows.run(`row ${n} ${'abc '.repeat(100)}`);
        words.run(`word${n} some text about number ${n}`);
      }
    })();
  });
}

/** Opens and reads everything: what a start and Health do. */
function verdict(file: string): 'sound' | 'found' {
  let db;
  try {
    db = openEncrypted(file, place.key);
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^vault\//) });
    return 'found';
  }
  const problems = integrityProblems(db);
  db.close();
  return problems.length > 0 ? 'found' : 'sound';
}

describe('one flipped bit', () => {
  it('in any page is found, without a crash, and the file is kept', () => {
    fill();
    const original = readFileSync(place.file);
    const pages = original.length / PAGE;
    expect(pages).toBeGreaterThan(40);
    const copy = join(place.dir, 'copy.db');
    copyFileSync(place.file, copy);
    expect(verdict(copy)).toBe('sound');
    const where = fc.tuple(fc.nat(pages - 1), fc.nat(PAGE - 1), fc.nat(7));
    fc.assert(
      fc.property(where, ([page, byte, bit]) => {
        const damaged = Buffer.from(original);
        const at = page * PAGE + byte;
        damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
        writeFileSync(copy, damaged);
        expect(verdict(copy)).toBe('found');
        expect(readFileSync(copy).equals(damaged)).toBe(true);
      }),
      {
        numRuns: 40,
        examples: [[[0, 0, 0]], [[0, 16, 0]], [[0, PAGE - 1, 7]], [[pages - 1, 0, 0]]],
      },
    );
  });

  it('is found where two pages are swapped', () => {
    fill();
    const bytes = readFileSync(place.file);
    const third = Buffer.from(bytes.subarray(3 * PAGE, 4 * PAGE));
    bytes.copy(bytes, 3 * PAGE, 5 * PAGE, 6 * PAGE);
    third.copy(bytes, 5 * PAGE);
    writeFileSync(place.file, bytes);
    expect(verdict(place.file)).toBe('found');
  });
});

describe('a writer killed at any moment', () => {
  it('loses nothing that it had said was written', { timeout: 120_000 }, async () => {
    let stored = 0;
    for (let round = 1; round <= 10; round += 1) {
      const writer = startWriter(place);
      let said = 0;
      const enough = stored + 1 + round * 7;
      await new Promise<void>((resolve, reject) => {
        writer.on('message', (n: number) => {
          said = n;
          if (n >= enough) resolve();
        });
        writer.once('exit', (code) => reject(new Error(`the writer ended with ${code}`)));
      });
      writer.removeAllListeners('exit');
      const exit = once(writer, 'exit');
      writer.kill('SIGKILL');
      await exit;
      withStore(place, (db) => {
        const count = db.prepare('SELECT count(*) FROM rows').pluck().get() as number;
        expect(count).toBeGreaterThanOrEqual(said);
        expect(db.prepare('SELECT max(n) FROM rows').pluck().get()).toBe(count);
        expect(integrityProblems(db)).toEqual([]);
        stored = count;
      });
    }
  });
});

describe('a disk without room', () => {
  it('is told in words, and what was written before is whole', { timeout: 60_000 }, async () => {
    const said = JSON.parse(await writeUnderLimit(place, 3_000)) as { last: number; code: string };
    expect(said.code).toMatch(/^vault\/disk-/);
    expect(said.last).toBeGreaterThan(10);
    withStore(place, (db) => {
      expect(db.prepare('SELECT count(*) FROM rows').pluck().get()).toBe(said.last);
      expect(integrityProblems(db)).toEqual([]);
    });
  });
});

describe('a folder that may not be written', () => {
  it.each(['with', 'without'])('is told in words, %s a store in it', async (which) => {
    const dir = join(place.dir, 'locked');
    mkdirSync(dir);
    const inside = { ...place, file: join(dir, 'store.db') };
    if (which === 'with') withStore(inside, (db) => db.exec('CREATE TABLE t (a)'));
    if (which === 'with') chmodSync(inside.file, 0o400);
    chmodSync(dir, 0o500);
    chmodSync(place.dir, 0o755);
    expect(await openAsOrdinaryUser(inside.file, dir)).toBe('vault/not-writable');
    chmodSync(dir, 0o700);
  });
});

/** Everything is loaded before the rights are given up: the project may lie where only the super-user reads. */
const OPEN = `
  const [module, file, hex, warmUp] = process.argv.slice(1);
  import(module).then(({ openEncrypted }) => {
    openEncrypted(warmUp, Buffer.from(hex, 'hex')).close();
    if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534); }
    try { openEncrypted(file, Buffer.from(hex, 'hex')); console.log('opened'); }
    catch (error) { console.log(error.code); }
  });
`;

/** The rights of files do not bind the super-user, so there the attempt is made as nobody. */
function openAsOrdinaryUser(file: string, dir: string): Promise<string> {
  if (process.getuid?.() === 0) for (const path of [file, dir]) chownWhereThere(path, 65_534);
  const module = join(import.meta.dirname, '..', '..', 'src-main', 'db', 'open.ts');
  const warmUp = join(place.dir, 'warm-up.db');
  const key = place.key.toString('hex');
  const args = ['--no-warnings', '-e', OPEN, module, file, key, warmUp];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message} ${stderr}`));
      else resolve(stdout.trim());
    });
  });
}

function chownWhereThere(path: string, uid: number): void {
  try {
    chownSync(path, uid, uid);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOENT' });
  }
}
