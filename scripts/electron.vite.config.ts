import { resolve } from 'node:path';
import { defineConfig } from 'electron-vite';
import { rendererConfig } from './renderer.vite.ts';

const root = resolve(import.meta.dirname, '..');

/**
 * The desktop's bundles. Main is CommonJS: an ES module's top-level await can miss Electron's ready
 * event. Everything but Electron is bundled, so nothing of it is looked up in the packed tree.
 */
const config = defineConfig({
  main: {
    build: {
      outDir: resolve(root, 'out/desktop/main'),
      externalizeDeps: false,
      rolldownOptions: {
        input: { main: resolve(root, 'src-main/main.ts') },
        output: {
          format: 'cjs',
          entryFileNames: '[name].cjs',
          chunkFileNames: '[name]-[hash].cjs',
        },
      },
    },
  },
  preload: {
    build: {
      outDir: resolve(root, 'out/desktop/preload'),
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: resolve(root, 'src-preload/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: renderer(),
});

/** electron-vite wants the page named. */
function renderer(): ReturnType<typeof rendererConfig> {
  const shared = rendererConfig();
  const input = resolve(root, 'src-renderer/index.html');
  const rolldownOptions = { ...shared.build?.rolldownOptions, input };
  return { ...shared, build: { ...shared.build, rolldownOptions } };
}

export default config;
