import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../../src-contract/default-settings.ts';
import { ChangeBus } from '../../src-main/core/shared/change-bus.ts';
import { systemClock } from '../../src-main/core/shared/clock.ts';
import { silentLogger } from '../../src-main/core/shared/logger.ts';
import { WorkerHost } from '../../src-main/core/shared/worker-host.ts';
import type { GitJobs, LibraryDirs } from '../../src-main/core/library/git-jobs.ts';
import { LibraryService } from '../../src-main/core/library/library-service.ts';
import type {
  LibraryMachine,
  LibrarySettings,
  RemoteSecrets,
} from '../../src-main/core/library/ports.ts';
import { threadSpawner } from '../../src-main/shell/spawners.ts';
import { git } from './git-repo.ts';
import { warmWorkers } from './warm-workers.ts';

export const gitWorker = new URL('../../src-main/workers/git.ts', import.meta.url);

/** A workspace's library on the real worker, in a folder of its own. */
export interface LibraryRig {
  readonly root: string;
  readonly dirs: LibraryDirs;
  readonly service: LibraryService;
  readonly host: WorkerHost<GitJobs>;
  readonly bus: ChangeBus;
  /** Bytes of a materialised file, as text. */
  read(path: string): string;
  has(path: string): boolean;
  /** Paths of all files below `files/`, sorted. */
  list(): string[];
  close(): void;
}

export function libraryDirs(root: string): LibraryDirs {
  mkdirSync(root, { recursive: true });
  return {
    library: join(root, 'library'),
    files: join(root, 'files'),
    trash: join(root, 'trash'),
    journal: join(root, 'journal'),
  };
}

export interface LibraryOptions {
  readonly starterDir?: string;
  readonly secrets?: RemoteSecrets;
  readonly settings?: Partial<LibrarySettings>;
  readonly machine?: Partial<LibraryMachine>;
}

export function openLibrary(root: string, options: LibraryOptions = {}): LibraryRig {
  warmWorkers();
  const dirs = libraryDirs(root);
  const host = new WorkerHost<GitJobs>({
    name: 'git',
    spawn: threadSpawner(gitWorker),
    logger: silentLogger,
  });
  const bus = new ChangeBus();
  const service = new LibraryService({
    dirs,
    starterDir: options.starterDir ?? join(root, 'no-starter'),
    sync: host,
    reads: host,
    knownHosts: join(root, 'known_hosts'),
    secrets: options.secrets ?? null,
    settings: () => ({ ...DEFAULT_SETTINGS, ...options.settings }),
    machine: {
      username: 'ada',
      hostname: 'desk.invalid',
      sshDir: join(root, 'no-ssh'),
      sshAgent: null,
      ...options.machine,
    },
    nextCheckAt: () => null,
    bus,
    clock: systemClock,
    logger: silentLogger,
  });
  return {
    root,
    dirs,
    service,
    host,
    bus,
    read: (path) => readFileSync(join(dirs.files, path), 'utf8'),
    has: (path) => existsSync(join(dirs.files, path)),
    list: () => filesBelow(dirs.files),
    close: () => host.close(),
  };
}

export function filesBelow(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .toSorted();
}

/** Native git's own judgement of the private git directory. Throws with its output where it complains. */
export function fsck(dirs: LibraryDirs): void {
  git(dirs.library, '--git-dir=.', 'fsck', '--strict', '--full', '--no-dangling');
}
