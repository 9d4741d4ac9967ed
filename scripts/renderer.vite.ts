import { resolve } from 'node:path';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import type { UserConfig } from 'vite';

const root = resolve(import.meta.dirname, '..');

/** The renderer's build, the same files for the desktop and the web shell. */
export function rendererConfig(): UserConfig {
  return {
    root: resolve(root, 'src-renderer'),
    // Relative addresses: served from a custom scheme, or from a loopback port.
    base: './',
    publicDir: false,
    // Replaced by each shell with a fresh nonce per answer; styles made at run time carry it.
    html: { cspNonce: '__CSP_NONCE__' },
    plugins: [react(), tailwind()],
    build: {
      outDir: resolve(root, 'out/renderer'),
      emptyOutDir: true,
      target: 'chrome150',
      // electron-vite leaves this off.
      minify: true,
      cssMinify: true,
      // The polyfill would be an inline script, which the CSP refuses and no supported browser needs.
      modulePreload: { polyfill: false },
      reportCompressedSize: true,
    },
  };
}
