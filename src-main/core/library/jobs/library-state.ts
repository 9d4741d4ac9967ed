import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../../../src-contract/app-error.ts';
import { isMissing, writeAtomic } from '../git/atomic-fs.ts';
import { TRUSTED } from '../git/object-store.ts';
import { gitPlaces } from '../git/places.ts';

/** What the library knows of its remote. Git's own configuration isn't asked: it escapes paths in its own way. */
export interface LibraryState {
  readonly format: 1;
  /** Address without credentials; null for the starter library. */
  readonly url: string | null;
  /** Branch of the remote that is followed; null for the starter library. */
  readonly branch: string | null;
  /** Milliseconds since 1970 when the remote was last asked. */
  readonly checkedAt: number | null;
}

const NEW_STATE: LibraryState = { format: 1, url: null, branch: null, checkedAt: null };

export function readState(gitdir: string): LibraryState {
  try {
    return JSON.parse(readFileSync(gitPlaces(gitdir).state, 'utf8')) as LibraryState;
  } catch (error) {
    if (isMissing(error)) return NEW_STATE;
    throw error;
  }
}

export function writeState(gitdir: string, state: LibraryState): void {
  const { state: path, tmp } = gitPlaces(gitdir);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  mkdirSync(tmp, { recursive: true, mode: 0o700 });
  writeAtomic(path, Buffer.from(JSON.stringify(state), 'utf8'), tmp);
}

/** Whether there is a library. Its folder gets its name only when it is whole. */
export function exists(gitdir: string): boolean {
  return existsSync(join(gitdir, 'HEAD'));
}

/** The accepted version, read without git: it costs nothing at start. Errors: `library/damaged`. */
export function trustedVersion(gitdir: string): string {
  const text = existsSync(join(gitdir, TRUSTED)) ? readFileSync(join(gitdir, TRUSTED), 'utf8') : '';
  const oid = text.trim();
  if (/^[0-9a-f]{40}$/.test(oid)) return oid;
  throw new AppError('library/damaged', 'The library does not know its own version any more.', {
    remedy:
      'Move the folder "library" of this workspace away and connect again: your files stay as they are.',
    data: { gitdir },
  });
}
