/** Builds the Node entries where they are missing or older than the sources, then becomes the command line. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isBuilt } from './is-built.ts';

const root = resolve(import.meta.dirname, '..');
const cli = resolve(root, 'out/node/cli.cjs');
if (!isBuilt('node')) {
  // Results go to stdout, so the build's words must not.
  const build = spawnSync(process.execPath, ['scripts/build.ts', 'node'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (build.status !== 0) process.exit(build.status ?? 1);
}
process.argv[1] = cli;
await import(pathToFileURL(cli).href);
