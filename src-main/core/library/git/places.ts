import { join } from 'node:path';

/** Carrel's own files beside git's in the private git directory. Native git ignores the folder. */
export interface GitPlaces {
  readonly tmp: string;
  /** Branch followed and time of the last check. */
  readonly state: string;
  /** What is materialised: commit, and size, times and hash of each file as it was written. */
  readonly record: string;
}

export function gitPlaces(gitdir: string): GitPlaces {
  const own = join(gitdir, 'carrel');
  return {
    tmp: join(own, 'tmp'),
    state: join(own, 'state.json'),
    record: join(own, 'record.json'),
  };
}

/** Where a library is put together; what lies there after a crash is worth nothing. */
export function unfinished(gitdir: string): string {
  return `${gitdir}.new`;
}
