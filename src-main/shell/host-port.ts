import type { SpawnWorker } from '../core/shared/worker-host.ts';

/** Wraps the data key with what only the host has (Electron's safeStorage). Strings are base64. */
export interface HostSecrets {
  /** Name of the backend (`keychain`, `dpapi`, `gnome_libsecret` …); `basic_text` is no protection. */
  backend(): Promise<string>;
  wrap(plain: string): Promise<string>;
  /** `rewrap` is a new wrapping where the host asks for one (its key was rotated). */
  unwrap(wrapped: string): Promise<{ readonly plain: string; readonly rewrap: string | null }>;
}

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
