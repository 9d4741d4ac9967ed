import type { SpawnWorker } from '../core/shared/worker-host.ts';
import type { KeychainSecrets } from '../core/vault/ports.ts';

/** Wraps the data key with what only the host has (Electron's safeStorage). */
export type HostSecrets = KeychainSecrets;

/** Kinds of killable helper processes; each is an entry under src-main/workers. */
export type ProcessKind = 'extract';

/** What a shell lends the engine. Each part is null where this shell has it not. */
export interface HostPort {
  readonly shell: 'desktop' | 'web' | 'cli';
  readonly electron: string | null;
  readonly secrets: HostSecrets | null;
  /** Starts a helper in a process of its own that can be killed. */
  spawnProcess(kind: ProcessKind): SpawnWorker;
}
