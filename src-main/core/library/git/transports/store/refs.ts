import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { tooLarge } from '../../../errors.ts';
import { syncDir } from '../../atomic-fs.ts';

/** Bytes of `packed-refs`: some 200,000 refs. */
const MAX_PACKED_BYTES = 16 * 1024 * 1024;
const OID = /^[0-9a-f]{40}$/;
/** No commit: a ref that isn't there. */
export const NO_OID = '0'.repeat(40);

export interface Refs {
  readonly byName: ReadonlyMap<string, string>;
  /** The ref that HEAD names; null where it names a commit. */
  readonly head: string | null;
  readonly headOid: string | null;
}

/** Reads the refs of a repository: its own files first, then the packed ones. */
export function readRefs(gitdir: string): Refs {
  const byName = new Map(packedRefs(gitdir));
  const root = join(gitdir, 'refs');
  if (existsSync(root)) {
    for (const entry of readdirSync(root, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile() || entry.name.endsWith('.lock')) continue;
      const path = join(entry.parentPath, entry.name);
      const name = path.slice(gitdir.length + 1).replaceAll('\\', '/');
      const oid = looseRef(path);
      if (oid !== null) byName.set(name, oid);
    }
  }
  const head = readFileSync(join(gitdir, 'HEAD'), 'utf8').trim();
  const target = /^ref: (refs\/\S+)$/.exec(head)?.[1] ?? null;
  const headOid = target === null ? (OID.test(head) ? head : null) : (byName.get(target) ?? null);
  return {
    byName: new Map([...byName].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    head: target,
    headOid,
  };
}

function looseRef(path: string): string | null {
  const text = readFileSync(path, 'utf8').trim();
  return OID.test(text) ? text : null;
}

function packedRefs(gitdir: string): readonly (readonly [string, string])[] {
  const path = join(gitdir, 'packed-refs');
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return [];
  if (stats.size > MAX_PACKED_BYTES) throw tooLarge('the number of its refs');
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, oid, name] = /^([0-9a-f]{40}) (refs\/\S+)$/.exec(line.trim()) ?? [];
      return oid !== undefined && name !== undefined ? [[name, oid] as const] : [];
    });
}

/**
 * Moves a ref from `before` to `after` as git does: under `<ref>.lock`, which only one can have, after
 * a second look at its value. Returns null, or why not, in git's words.
 */
export function moveRef(
  gitdir: string,
  name: string,
  before: string,
  after: string,
): string | null {
  const path = join(gitdir, ...name.split('/'));
  const lock = `${path}.lock`;
  let fd: number;
  try {
    mkdirSync(dirname(path), { recursive: true });
    fd = openSync(lock, 'wx', 0o666);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST' || code === 'EPERM') return 'failed to lock: another program holds it';
    if (code === 'ENOTDIR') return 'failed to lock: a branch has a part of its name';
    throw error;
  }
  let isMoved = false;
  try {
    const { byName } = readRefs(gitdir);
    if ((byName.get(name) ?? NO_OID) !== before) return 'fetch first';
    const isPart = [...byName.keys()].some(
      (other) => other.startsWith(`${name}/`) || name.startsWith(`${other}/`),
    );
    if (isPart) return 'failed to lock: its name is a part of another branch, or the other way';
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
      return 'failed to lock: a folder is in its place';
    }
    writeSync(fd, `${after}\n`);
    fsyncSync(fd);
    closeSync(fd);
    fd = -1;
    renameSync(lock, path);
    isMoved = true;
    syncDir(dirname(path));
    return null;
  } finally {
    if (fd >= 0) closeSync(fd);
    if (!isMoved) rmSync(lock, { force: true });
  }
}
