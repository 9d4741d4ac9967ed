import { readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, join, resolve } from 'node:path';
import type { InlineConfig } from 'vite';

const root = resolve(import.meta.dirname, '..');

/** What stays outside the bundles: Node itself. The database's binary is found by its own package. */
const external = [...builtinModules, /^node:/, 'electron'];

/**
 * Node entries as CommonJS without Electron. A build for each group, so that what an engine loads at
 * its start is one file and not a dozen that others share: each costs a third of a millisecond.
 */
export function nodeConfigs(): InlineConfig[] {
  const main = join(root, 'src-main');
  const workers = readdirSync(join(main, 'workers'))
    .filter((file) => file.endsWith('.ts') && file !== 'serve-worker.ts')
    .map((file) => [`workers/${basename(file, '.ts')}`, join(main, 'workers', file)] as const);
  const groups: Record<string, string>[] = [
    { engine: join(main, 'engine.ts') },
    { cli: join(main, 'cli.ts'), serve: join(main, 'serve.ts') },
    Object.fromEntries(workers),
  ];
  return groups.map((input, index) => groupConfig(input, index === 0));
}

/** Flat chunks, so that `import.meta.dirname` is the same folder everywhere but in the workers' entries. */
function groupConfig(input: Record<string, string>, isFirst: boolean): InlineConfig {
  return {
    configFile: false,
    root,
    logLevel: 'warn',
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      target: 'node24',
      outDir: 'out/node',
      emptyOutDir: isFirst,
      minify: false,
      sourcemap: false,
      copyPublicDir: false,
      rolldownOptions: {
        input,
        external,
        output: {
          format: 'cjs',
          // Smaller sources load faster and stay smaller in memory; names stay for the log.
          minify: { compress: true, mangle: false, codegen: true },
          entryFileNames: '[name].cjs',
          chunkFileNames: '[name]-[hash].cjs',
        },
      },
    },
  };
}
