import { spawnSync } from 'node:child_process';
import { isBuilt } from '../../scripts/is-built.ts';
import { root } from './imports.helper.ts';

/** Tests of bundles need them: built once where they are missing or stale. */
export function ensureBuilt(): void {
  const stale = (['node', 'desktop'] as const).filter((part) => !isBuilt(part));
  if (stale.length === 0) return;
  const run = spawnSync('node', ['scripts/build.ts', ...stale], { cwd: root, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`the build failed:\n${run.stdout}${run.stderr}`);
}
