import { spawnSync } from 'node:child_process';
import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { isBuilt } from '../../scripts/is-built.ts';
import { root } from './imports.helper.ts';

/** A build takes seconds; a lock of this age is one of a test run that was killed. */
const STALE_LOCK_MS = 180_000;
const LOOK_MS = 200;

/** Where the bundles of the Node side are. */
export const outNode = join(root, 'out', 'node');

/** Tests of bundles need them: built once where they are missing or stale, also when test files run side by side. */
export function ensureBuilt(): void {
  if (staleParts().length === 0) return;
  const lock = join(
    tmpdir(),
    `carrel-build-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`,
  );
  while (!take(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
  try {
    const stale = staleParts();
    if (stale.length === 0) return;
    const run = spawnSync(process.execPath, ['scripts/build.ts', ...stale], {
      cwd: root,
      encoding: 'utf8',
    });
    if (run.status !== 0) throw new Error(`the build failed:\n${run.stdout}${run.stderr}`);
  } finally {
    rmdirSync(lock);
  }
}

function staleParts(): ('node' | 'desktop')[] {
  return (['node', 'desktop'] as const).filter((part) => !isBuilt(part));
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > STALE_LOCK_MS) rmdirSync(lock);
    return false;
  }
}
