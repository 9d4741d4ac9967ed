import { existsSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, join, resolve } from 'node:path';
import type { InlineConfig } from 'vite';

const root = resolve(import.meta.dirname, '..');

/** What stays outside the bundles: Node itself and the one native package. */
export const external = [...builtinModules, /^node:/, 'better-sqlite3', 'electron'];

/**
 * Node entries: engine, web shell, command line and workers, as CommonJS without Electron. Flat
 * chunks, so that `import.meta.dirname` is the same folder everywhere but in the workers' entries.
 */
export function nodeConfig(): InlineConfig {
  const workers = join(root, 'src-main', 'workers');
  const entries = ['engine', 'serve', 'cli'].filter((name) =>
    existsSync(join(root, 'src-main', `${name}.ts`)),
  );
  const input = Object.fromEntries([
    ...entries.map((name) => [name, join(root, 'src-main', `${name}.ts`)]),
    ...readdirSync(workers)
      .filter((file) => file.endsWith('.ts') && file !== 'serve-worker.ts')
      .map((file) => [`workers/${basename(file, '.ts')}`, join(workers, file)]),
  ]) as Record<string, string>;
  return {
    configFile: false,
    root,
    logLevel: 'warn',
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      target: 'node24',
      outDir: 'out/node',
      emptyOutDir: true,
      // Smaller sources load faster and stay smaller in memory; names of functions stay for the log.
      minify: true,
      sourcemap: false,
      copyPublicDir: false,
      rolldownOptions: {
        input,
        external,
        output: {
          format: 'cjs',
          keepNames: true,
          entryFileNames: '[name].cjs',
          chunkFileNames: '[name]-[hash].cjs',
        },
      },
    },
  };
}
