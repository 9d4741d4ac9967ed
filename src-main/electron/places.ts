import { join } from 'node:path';
import { dataDirOf } from '../shell/entry.ts';

export interface DesktopPlaces {
  readonly data: string;
  /** Chromium's own files. */
  readonly userData: string;
  readonly preload: string;
  readonly renderer: string;
  /** Entry of the engine process and folder of the helpers. */
  readonly engine: string;
  readonly workers: string;
  readonly workspace: string;
}

/** Finds the program's files from the bundle of the main process (`out/desktop/main`). */
export function desktopPlaces(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): DesktopPlaces {
  const out = join(import.meta.dirname, '..', '..');
  const data = dataDirOf(argv, env, platform);
  const named = argv.findIndex((argument) => argument === '--workspace');
  return {
    data,
    userData: join(data, 'electron'),
    preload: join(out, 'desktop', 'preload', 'preload.cjs'),
    renderer: join(out, 'renderer'),
    engine: join(out, 'node', 'engine.cjs'),
    workers: join(out, 'node', 'workers'),
    workspace: (named >= 0 ? argv[named + 1] : undefined) ?? 'default',
  };
}
