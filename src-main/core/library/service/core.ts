import type { GitJobs } from '../git-jobs.ts';
import type { RemoteDoor } from './access.ts';
import type { LibraryDeps } from './deps.ts';
import type { LibraryWork } from './work.ts';

/** What the verbs of the library share. */
export interface LibraryCore {
  readonly deps: LibraryDeps;
  readonly work: LibraryWork;
  readonly door: RemoteDoor;
}

/** What a job takes besides the places of the library. */
export type JobInput<K extends keyof GitJobs> = Omit<GitJobs[K]['input'], 'dirs'>;
