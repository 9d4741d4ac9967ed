import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TrashEntry } from '../../../../src-contract/library.ts';
import { isMissing, syncDir, writeAtomic } from '../git/atomic-fs.ts';
import { blobOid } from '../git/objects.ts';
import { statOrNull } from './record.ts';

/** Entries that are listed, the newest first: more than a person looks through. The bytes stay all the same. */
const MAX_TRASH_ENTRIES = 10_000;
/** Files of one path and one operation; each further one needs a run that was interrupted. */
const MAX_DOUBLES = 1_000;

/** Names that `writeAtomic` gives to what it has not finished. */
const UNFINISHED = /^[0-9a-f]{16}\.tmp$/;

export type Why = TrashEntry['why'];

/** What one operation takes out of the library's folder. Nothing is on the disk until the first file is. */
export interface Trash {
  readonly id: string;
  /** Moves a file here. `path` is that within the library. Durable when it returns. */
  take(from: string, path: string): TrashEntry;
  /** Keeps bytes that are about to be replaced. Durable when it returns; the same bytes are kept once. */
  keep(bytes: Uint8Array, path: string): TrashEntry;
}

interface About {
  readonly id: string;
  readonly at: number;
  readonly why: Why;
}

/**
 * Opens the trash for one operation. The same `id` again (an interrupted operation that is repeated)
 * adds to what is there; nothing in the trash is ever overwritten. `at`: milliseconds since 1970.
 */
export function openTrash(
  trashDir: string,
  options: { readonly id?: string; readonly at: number; readonly why: Why },
): Trash {
  const { at, why } = options;
  const id = options.id ?? trashId(at);
  return {
    id,
    take(from, path) {
      const { to, entry } = room(path, null);
      renameSync(from, to);
      syncDir(dirname(to));
      syncDir(dirname(from));
      return { ...entry, size: statOrNull(to)?.size ?? 0 };
    },
    keep(bytes, path) {
      const { to, entry, isThere } = room(path, blobOid(bytes));
      if (!isThere) writeAtomic(to, bytes, dirname(to));
      return { ...entry, size: bytes.byteLength };
    },
  };

  /** A free place for a path; or the one that has these bytes already. */
  function room(path: string, oid: string | null) {
    for (let n = 1; n <= MAX_DOUBLES; n += 1) {
      const own = n === 1 ? id : `${id}.${n}`;
      const to = join(trashDir, own, 'files', path);
      const isThere = oid !== null && holds(to, oid);
      if (!isThere && (statOrNull(to) !== null || !makeFolder(own, dirname(to)))) continue;
      return { to, isThere, entry: { id: `${own}/${path}`, path, at, why } };
    }
    throw new Error(`no room in the trash for ${path}`);
  }

  /** False where a file of an earlier run stands where a folder is needed. */
  function makeFolder(own: string, dir: string): boolean {
    const about = join(trashDir, own, 'trash.json');
    mkdirSync(dirname(about), { recursive: true, mode: 0o700 });
    if (!existsSync(about)) {
      writeAtomic(about, Buffer.from(JSON.stringify({ id: own, at, why })), dirname(about));
      syncDir(trashDir);
    }
    try {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      return true;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EEXIST' || code === 'ENOTDIR') return false;
      throw error;
    }
  }
}

/** A name for one operation: its time, so that folders sort, and enough chance to be the only one. */
export function trashId(at: number): string {
  return `${at.toString(36).padStart(9, '0')}-${randomBytes(5).toString('hex')}`;
}

/** What is in the trash, newest first, at most 10,000 entries. */
export function listTrash(trashDir: string): readonly TrashEntry[] {
  const entries: TrashEntry[] = [];
  for (const about of runs(trashDir)) {
    for (const path of filesBelow(join(trashDir, about.id, 'files'))) {
      const size = statOrNull(join(trashDir, about.id, 'files', path))?.size ?? 0;
      entries.push({ id: `${about.id}/${path}`, path, at: about.at, why: about.why, size });
      if (entries.length >= MAX_TRASH_ENTRIES) return entries;
    }
  }
  return entries;
}

/** One entry and where its bytes are; null where there is none of this id. */
export function readTrash(
  trashDir: string,
  id: string,
): { readonly entry: TrashEntry; readonly file: string } | null {
  const slash = id.indexOf('/');
  const [run, path] = [id.slice(0, slash), id.slice(slash + 1)];
  const names = path.split('/');
  if (slash <= 0 || names.some((name) => name === '' || name === '.' || name === '..')) return null;
  const about = runs(trashDir).find((each) => each.id === run);
  const file = join(trashDir, run, 'files', ...names);
  const stat = about ? statOrNull(file) : null;
  if (!about || !stat?.isFile()) return null;
  return { entry: { id, path, at: about.at, why: about.why, size: stat.size }, file };
}

function runs(trashDir: string): readonly About[] {
  if (!existsSync(trashDir)) return [];
  return readdirSync(trashDir)
    .flatMap((id) => readAbout(trashDir, id) ?? [])
    .toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
}

/** Null for what is not a folder of the trash. */
function readAbout(trashDir: string, id: string): About | null {
  try {
    const { at, why } = JSON.parse(readFileSync(join(trashDir, id, 'trash.json'), 'utf8')) as About;
    return { id, at, why };
  } catch (error) {
    const isOther = error instanceof Error && 'code' in error && error.code === 'ENOTDIR';
    if (isMissing(error) || isOther) return null;
    throw error;
  }
}

function filesBelow(dir: string): readonly string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !UNFINISHED.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(dir.length + 1)
        .replaceAll('\\', '/'),
    )
    .toSorted();
}

function holds(path: string, oid: string): boolean {
  const stat = statOrNull(path);
  return stat?.isFile() === true && blobOid(readFileSync(path)) === oid;
}
