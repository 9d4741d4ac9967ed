import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LibraryDirs } from '../../src-main/core/library/git-jobs.ts';
import { blobOid } from '../../src-main/core/library/git/objects.ts';
import { git } from './git-repo.ts';

/** What the ledger needs to know of a client. */
export interface LedgerClient {
  readonly name: string;
  readonly dirs: LibraryDirs;
  /** Paths that wait for a decision. */
  pendingPaths(): readonly string[];
}

interface Entry {
  readonly path: string;
  readonly by: string;
  readonly text: string;
}

/** Where the byte versions of a run were found in the end; each is counted once, in this order. */
export interface Account {
  readonly versions: number;
  readonly inHistory: number;
  readonly inTrash: number;
  readonly inConflict: number;
  readonly onDisk: number;
  /** Overwritten or deleted by their own author while they were nowhere but on that disk. */
  readonly forgone: number;
}

/**
 * Every byte version that stood in a working folder when Carrel began to work there. From then on
 * Carrel answers for it; only its author, in an editor, may still make it vanish.
 */
export class Ledger {
  readonly #entries = new Map<string, Entry>();
  readonly #standing = new Map<string, Set<string>>();
  readonly #reachable = new Map<string, ReadonlySet<string>>();
  #forgone = 0;

  /** Carrel begins to work in this folder. */
  begin(client: LedgerClient): void {
    const standing = new Set<string>();
    for (const [path, oid] of filesOf(client.dirs.files)) {
      standing.add(oid);
      this.#note(client, path, oid);
    }
    this.#standing.set(client.name, standing);
  }

  /** Carrel is done: what stood there is still there, or in the client's history, or in its trash. */
  end(client: LedgerClient): void {
    const standing = this.#standing.get(client.name) ?? new Set();
    this.#standing.delete(client.name);
    const disk = new Set(filesOf(client.dirs.files).values());
    const gone = [...standing].filter((oid) => !disk.has(oid));
    if (gone.length === 0) return;
    const lost = gone.filter((oid) => !this.#isKept(client, oid));
    this.#complain(lost, `lost by ${client.name}`);
  }

  /** An editor is about to replace or delete these bytes. */
  givenUp(client: LedgerClient, bytes: Uint8Array): void {
    const oid = blobOid(bytes);
    if (!this.#entries.has(oid)) return;
    const elsewhere = [...filesOf(client.dirs.files).values()].filter((each) => each === oid);
    if (elsewhere.length > 1 || this.#isKept(client, oid)) return;
    this.#entries.delete(oid);
    this.#standing.get(client.name)?.delete(oid);
    this.#forgone += 1;
  }

  /** Finds every version again; throws with those that are nowhere. */
  account(clients: readonly LedgerClient[], remote: string | null): Account {
    const history = remote === null ? new Set<string>() : reachableFrom(remote, ['--branches']);
    const queues = new Set<string>();
    const trash = new Set<string>();
    const conflicts = new Set<string>();
    const disk = new Set<string>();
    for (const client of clients) {
      const pending = new Set(client.pendingPaths());
      for (const [path, oid] of filesOf(client.dirs.files)) {
        disk.add(oid);
        // A file of mine in the place of a folder of theirs waits under the folder's files.
        if ([...pending].some((each) => each === path || isInside(each, path))) conflicts.add(oid);
      }
      for (const oid of trashOf(client.dirs.trash)) trash.add(oid);
      for (const oid of this.#historyOf(client)) queues.add(oid);
    }
    const found = { inHistory: 0, inTrash: 0, inConflict: 0, onDisk: 0 };
    const lost: string[] = [];
    for (const oid of this.#entries.keys()) {
      if (history.has(oid) || queues.has(oid)) found.inHistory += 1;
      else if (trash.has(oid)) found.inTrash += 1;
      else if (conflicts.has(oid)) found.inConflict += 1;
      else if (disk.has(oid)) found.onDisk += 1;
      else lost.push(oid);
    }
    this.#complain(lost, 'found nowhere');
    return { versions: this.#entries.size, ...found, forgone: this.#forgone };
  }

  #note(client: LedgerClient, path: string, oid: string): void {
    if (this.#entries.has(oid)) return;
    const bytes = readFileSync(join(client.dirs.files, path));
    const text = JSON.stringify(bytes.toString('latin1', 0, 80));
    this.#entries.set(oid, { path, by: client.name, text });
  }

  #isKept(client: LedgerClient, oid: string): boolean {
    return trashOf(client.dirs.trash).has(oid) || this.#historyOf(client).has(oid);
  }

  /** All objects of the accepted version's and the queue's history. */
  #historyOf(client: LedgerClient): ReadonlySet<string> {
    const tips = ['refs/app/trusted', 'refs/app/local'].flatMap((ref) => {
      const at = join(client.dirs.library, ref);
      return existsSync(at) ? [readFileSync(at, 'utf8').trim()] : [];
    });
    if (tips.length === 0) return new Set();
    const key = `${client.name} ${tips.join(' ')}`;
    const known = this.#reachable.get(key);
    if (known) return known;
    const found = reachableFrom(client.dirs.library, tips);
    this.#reachable.set(key, found);
    return found;
  }

  #complain(lost: readonly string[], how: string): void {
    if (lost.length === 0) return;
    const lines = lost.map((oid) => {
      const entry = this.#entries.get(oid);
      return `${oid} ${entry?.by ?? '?'}:${entry?.path ?? '?'} ${entry?.text ?? '?'}`;
    });
    throw new Error(`${lost.length} byte versions ${how}:\n${lines.join('\n')}`);
  }
}

/** Paths of all files below a folder, sorted; no links, and nothing behind them. */
export function plainFiles(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true })
    .flatMap((entry) => {
      if (entry.isFile()) return [entry.name];
      if (!entry.isDirectory()) return [];
      return plainFiles(join(dir, entry.name)).map((path) => `${entry.name}/${path}`);
    })
    .toSorted();
}

/** Git's hash of each file below a folder, by path. */
export function filesOf(dir: string): ReadonlyMap<string, string> {
  return new Map(
    plainFiles(dir).map((path) => [path, blobOid(readFileSync(join(dir, path)))] as const),
  );
}

function trashOf(dir: string): ReadonlySet<string> {
  const kept = plainFiles(dir).filter((path) => /^[^/]+\/files\//.test(path));
  return new Set(kept.map((path) => blobOid(readFileSync(join(dir, path)))));
}

function reachableFrom(gitdir: string, tips: readonly string[]): ReadonlySet<string> {
  const list = ['rev-list', '--objects', '--no-object-names', ...tips];
  return new Set(git(gitdir, '--git-dir=.', ...list).split('\n'));
}

/** Whether one of two paths is a folder of the other. */
function isInside(a: string, b: string): boolean {
  return a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}
