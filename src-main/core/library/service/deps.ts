import type { ChangeBus } from '../../shared/change-bus.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Logger } from '../../shared/logger.ts';
import type { WorkerHost } from '../../shared/worker-host.ts';
import type { GitJobs, LibraryDirs } from '../git-jobs.ts';
import type { LibraryMachine, LibrarySettings, RemoteSecrets } from '../ports.ts';

export interface LibraryDeps {
  readonly dirs: LibraryDirs;
  /** Folder of the bundled starter library. */
  readonly starterDir: string;
  /** Carrel's own list of SSH hosts whose fingerprint was confirmed. May not be there yet. */
  readonly knownHosts: string;
  /** Worker for what changes the library as a whole. */
  readonly sync: Pick<WorkerHost<GitJobs>, 'run'>;
  /** Worker for what reads and what edits single items, which answer while a sync runs; may be the same. */
  readonly reads: Pick<WorkerHost<GitJobs>, 'run'>;
  /** Null keeps credentials in memory only, until the engine ends. */
  readonly secrets: RemoteSecrets | null;
  readonly settings: () => LibrarySettings;
  readonly machine: LibraryMachine;
  /** When the remote is asked by itself the next time, for the status; null where it is not. */
  readonly nextCheckAt: () => number | null;
  readonly bus: ChangeBus;
  readonly clock: Clock;
  readonly logger: Logger;
}
