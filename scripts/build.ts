/** Builds everything into out/, or only the parts named. Usage: npm run build [-- node desktop] */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build as buildDesktop } from 'electron-vite';
import { build } from 'vite';
import { markBuilt, type Part } from './is-built.ts';
import { nodeConfigs } from './node.vite.ts';

const root = resolve(import.meta.dirname, '..');
const parts: Record<Part, () => Promise<unknown>> = {
  node: async () => {
    for (const config of nodeConfigs()) await build(config);
  },
  desktop: () =>
    buildDesktop({
      configFile: join(import.meta.dirname, 'electron.vite.config.ts'),
      logLevel: 'warn',
    }),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) throw new Error(`no such part: ${unknown.join(', ')}`);
if (asked.length === 0) rmSync(join(root, 'out'), { recursive: true, force: true });
for (const part of ['node', 'desktop'] as const) {
  if (asked.length > 0 && !asked.includes(part)) continue;
  const startedAt = new Date();
  await parts[part]();
  markBuilt(part, startedAt);
  console.log(`built ${part} in ${((Date.now() - startedAt.getTime()) / 1000).toFixed(1)} s`);
}
