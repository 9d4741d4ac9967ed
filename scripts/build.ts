/** Builds everything into out/, or only the parts named. Usage: npm run build [-- node desktop] */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build as buildDesktop } from 'electron-vite';
import { build } from 'vite';
import { nodeConfig } from './node.vite.ts';

const root = resolve(import.meta.dirname, '..');
const parts: Record<string, () => Promise<unknown>> = {
  node: () => build(nodeConfig()),
  desktop: () =>
    buildDesktop({ configFile: join(import.meta.dirname, 'electron.vite.ts'), logLevel: 'warn' }),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) throw new Error(`no such part: ${unknown.join(', ')}`);
if (asked.length === 0) rmSync(join(root, 'out'), { recursive: true, force: true });
for (const [name, run] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const started = performance.now();
  await run();
  console.log(`built ${name} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
