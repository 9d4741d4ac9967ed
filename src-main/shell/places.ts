import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where the program's own files are. */
export interface Places {
  /** Worker entries. */
  readonly workers: string;
  /** File extension of worker entries. */
  readonly workerExtension: string;
  readonly starterLibrary: string;
  /** The built renderer. */
  readonly renderer: string;
}

/** Finds them from this module: bundled (`out/node/*.cjs`) or as sources (tests, Node 24 strips the types). */
export function findPlaces(): Places {
  const here = import.meta.dirname;
  const bundled = existsSync(join(here, 'workers', 'git.cjs'));
  const top = join(here, '..', '..');
  return {
    workers: bundled ? join(here, 'workers') : join(here, '..', 'workers'),
    workerExtension: bundled ? '.cjs' : '.ts',
    starterLibrary: join(top, 'assets', 'starter-library'),
    renderer: join(top, 'out', 'renderer'),
  };
}

export function workerFile(places: Places, name: string): string {
  return join(places.workers, `${name}${places.workerExtension}`);
}
