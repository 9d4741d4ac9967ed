import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../../../src-contract/app-error.ts';
import type { AvailableUpdate } from '../../../../src-contract/library.ts';
import { isMissing, removeIfThere, syncDir, writeAtomic } from '../git/atomic-fs.ts';
import { TRUSTED, type ObjectStore, type Oid } from '../git/object-store.ts';
import { noteDamaged } from '../errors.ts';
import { gitPlaces } from '../git/places.ts';
import type { Held, Quarantined } from '../sync-jobs.ts';

/** Tip of the queue: commits made here, on top of the team's version, that wait to be sent. */
export const LOCAL = 'refs/app/local';

/** What the library knows of its remote. Git's own configuration isn't asked: it escapes paths in its own way. */
export interface LibraryState {
  readonly format: 1;
  /** Address without credentials; null for a library without a remote. */
  readonly url: string | null;
  /** Branch of the remote that is followed; null until it was seen. */
  readonly branch: string | null;
  /** Milliseconds since 1970 when the remote was last asked. */
  readonly checkedAt: number | null;
  /** Fetched and verified, not taken. */
  readonly available: AvailableUpdate | null;
  /** Deletes much and waits for a yes. */
  readonly held: Held | null;
  readonly quarantined: readonly Quarantined[];
}

const NEW_STATE: LibraryState = {
  format: 1,
  url: null,
  branch: null,
  checkedAt: null,
  available: null,
  held: null,
  quarantined: [],
};

export function readState(gitdir: string): LibraryState {
  try {
    const text = readFileSync(gitPlaces(gitdir).state, 'utf8');
    return { ...NEW_STATE, ...(JSON.parse(text) as LibraryState) };
  } catch (error) {
    if (isMissing(error)) return NEW_STATE;
    if (error instanceof SyntaxError) throw noteDamaged(gitPlaces(gitdir).state, error);
    throw error;
  }
}

/** Changes what is noted; what is not named stays. */
export function noteState(gitdir: string, changes: Partial<LibraryState>): void {
  const { state: path, tmp } = gitPlaces(gitdir);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  mkdirSync(tmp, { recursive: true, mode: 0o700 });
  const state = { ...readState(gitdir), ...changes };
  writeAtomic(path, Buffer.from(JSON.stringify(state), 'utf8'), tmp);
}

/** Whether there is a library. Its folder gets its name only when it is whole. */
export function exists(gitdir: string): boolean {
  return existsSync(join(gitdir, 'HEAD'));
}

/** The accepted version, read without git: it costs nothing at start. Errors: `library/damaged`. */
export function trustedVersion(gitdir: string): Oid {
  const oid = readRef(gitdir, TRUSTED);
  if (oid !== null) return oid;
  throw new AppError('library/damaged', 'The library does not know its own version any more.', {
    remedy:
      'Move the folder "library" of this workspace away and connect again: your files stay as they are.',
    data: { gitdir },
  });
}

/** The tip of the queue; null where nothing waits. */
export function localVersion(gitdir: string): Oid | null {
  const local = readRef(gitdir, LOCAL);
  return local === readRef(gitdir, TRUSTED) ? null : local;
}

/** Moves both refs. Only `apply` does, under its journal. */
export async function moveRefs(store: ObjectStore, trusted: Oid, local: Oid | null): Promise<void> {
  await store.moveRef(TRUSTED, trusted);
  if (local !== null) return store.moveRef(LOCAL, local);
  const file = join(store.gitdir, LOCAL);
  removeIfThere(file);
  syncDir(dirname(file));
}

function readRef(gitdir: string, ref: string): Oid | null {
  const path = join(gitdir, ref);
  const oid = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  return /^[0-9a-f]{40}$/.test(oid) ? oid : null;
}
