import type { HostPort } from './host-port.ts';
import { findPlaces, workerFile } from './places.ts';
import { processSpawner } from './spawners.ts';

/** Memory of a helper that reads hostile input, MB: over it the helper dies, not the machine. */
const HELPER_MEMORY_MB = 512;

/** What plain Node lends the engine: no keychain, helpers as child processes. */
export function localHostPort(shell: 'web' | 'cli'): HostPort {
  return {
    shell,
    electron: null,
    secrets: null,
    spawnProcess: (kind) => processSpawner(workerFile(findPlaces(), kind), HELPER_MEMORY_MB),
  };
}
