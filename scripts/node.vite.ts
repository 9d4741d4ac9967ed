import { readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, join, resolve } from 'node:path';
import type { InlineConfig, Plugin } from 'vite';

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
    plugins: [withoutAddOns()],
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

/**
 * ssh2 tries two add-ons of its own, which are not built, and goes on without them. A bundler must find
 * what is tried: here it finds a module that fails as theirs would.
 */
export function withoutAddOns(): Plugin {
  const absent = '\0absent-add-on';
  return {
    name: 'without-add-ons',
    enforce: 'pre',
    resolveId: (source) =>
      source === 'cpu-features' || source.endsWith('/sshcrypto.node') ? absent : null,
    load: (id) => (id === absent ? "module.exports = null; throw new Error('not built');" : null),
  };
}
