import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** Sources of each part of the build; a newer file makes the part stale. */
const sources = {
  node: ['src-main', 'src-contract', 'scripts/node.vite.ts', 'package.json'],
  desktop: [
    'src-main',
    'src-preload',
    'src-renderer',
    'src-contract',
    'scripts/electron.vite.config.ts',
    'scripts/renderer.vite.ts',
    'package.json',
  ],
} as const;

export type Part = keyof typeof sources;

/** Whether a part was built after its newest source. */
export function isBuilt(part: Part): boolean {
  const stamp = stampFile(part);
  if (!existsSync(stamp)) return false;
  const builtAt = statSync(stamp).mtimeMs;
  return sources[part].every((source) => newest(join(root, source)) <= builtAt);
}

/** Notes that a part was built from the sources as they were at `startedAt`: what changed during the build makes it stale. */
export function markBuilt(part: Part, startedAt: Date): void {
  const stamp = stampFile(part);
  writeFileSync(stamp, `${startedAt.toISOString()}\n`);
  utimesSync(stamp, startedAt, startedAt);
}

function stampFile(part: Part): string {
  return join(root, 'out', `.built-${part}`);
}

function newest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
