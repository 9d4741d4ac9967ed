import * as nodeModule from 'node:module';
import { join, resolve } from 'node:path';
import { dataPaths, defaultDataDir } from '../core/shared/paths.ts';
import { ANY_WRITE, isOwnDir } from './own-dir.ts';

/** The encrypted database needs Node-API of Node 22; Carrel is built and tested on 24. */
const MIN_NODE = 22;

/**
 * First thing of every Node entry: says which Node is needed where it is too old, keeps new files to
 * this user, and turns on the compile cache in a folder of our own (its default is shared by all
 * users). Imports nothing heavy.
 */
export function prepareEntry(argv: readonly string[]): void {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < MIN_NODE) {
    process.stderr.write(
      `Carrel needs Node ${MIN_NODE} or newer (24 recommended); this is ${process.versions.node}. ` +
        'In the repository use npm start or npm run carrel: they bring their own.\n',
    );
    process.exit(1);
  }
  process.umask(0o077);
  const cache = dataPaths(dataDirOf(argv)).cache;
  if (isOurs(cache)) nodeModule.enableCompileCache(join(cache, 'compile'));
}

/** Code is read from it: what others can change is not used, and a program starts without a cache too. */
function isOurs(cache: string): boolean {
  try {
    return isOwnDir(cache, ANY_WRITE);
  } catch {
    // It can't be made or looked at; what really needs the data directory says so.
    return false;
  }
}

/**
 * `--data-dir DIR` or `--data-dir=DIR` of a command line, else the environment's or the platform's;
 * absolute. A relative one is relative to where the person stands: under npm that is INIT_CWD.
 */
export function dataDirOf(
  argv: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  for (const [index, argument] of argv.entries()) {
    const named =
      argument === '--data-dir' ? argv[index + 1] : /^--data-dir=(.+)$/s.exec(argument)?.[1];
    if (named) return resolve(env['INIT_CWD'] ?? process.cwd(), named);
  }
  return defaultDataDir(env, platform);
}
