import { existsSync, globSync, mkdtempSync, rmSync, statSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt } from '../helpers/built.helper.ts';
import { TestEngine } from '../helpers/engine.helper.ts';
import { root } from '../helpers/imports.helper.ts';
import {
  builderConfig,
  hasTopLevelAwait,
  manifest,
  modulesOf,
  packAndExtract,
  packedFiles,
} from './packed-tree.helper.ts';

const MB = 1024 * 1024;
const config = builderConfig();
const scratch = mkdtempSync(join(tmpdir(), 'carrel-packed-'));
const app = join(scratch, 'app');
let unpacked: string[];

beforeAll(async () => {
  ensureBuilt();
  unpacked = await packAndExtract(config, scratch);
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('what is packed', () => {
  test('the bundles, the assets, the manifest; no sources, tests or source maps', () => {
    const files = packedFiles(config);
    expect(files).toEqual(
      expect.arrayContaining([
        'assets/starter-library/carrel.yaml',
        'node_modules/better-sqlite3/lib/index.js',
        'out/desktop/main/main.cjs',
        'out/desktop/preload/preload.cjs',
        'out/node/cli.cjs',
        'out/node/engine.cjs',
        'out/node/serve.cjs',
        'out/node/workers/git.cjs',
        'out/node/workers/index.cjs',
        'out/renderer/index.html',
        'package.json',
      ]),
    );
    const own = files.filter((file) => !file.startsWith('node_modules/'));
    expect(own.filter((file) => !/^(out|assets)\/|^package\.json$/.test(file))).toEqual([]);
    expect(own.filter((file) => /\.(map|tsx?)$|(^|\/)\.built|\.(test|spec)\./.test(file))).toEqual(
      [],
    );
    expect(files.filter((file) => /better-sqlite3\/(deps|src)\//.test(file))).toEqual([]);
  });

  test('sizes are sane', () => {
    const sizeOf = (pattern: RegExp): number =>
      packedFiles(config)
        .filter((file) => pattern.test(file))
        .reduce((sum, file) => sum + statSync(join(root, file)).size, 0);
    expect(sizeOf(/./)).toBeLessThan(60 * MB);
    expect(sizeOf(/^out\/node\//)).toBeLessThan(12 * MB);
    expect(sizeOf(/^out\/desktop\//)).toBeLessThan(2 * MB);
    expect(sizeOf(/^out\/renderer\//)).toBeLessThan(12 * MB);
    expect(sizeOf(/^assets\//)).toBeLessThan(4 * MB);
  });

  test('native modules are unpacked, and nothing else', () => {
    expect(unpacked).toContain(`node_modules/better-sqlite3/prebuilds/linux-x64.node`);
    expect(unpacked.filter((file) => !/\.(node|so|dll|dylib)$/.test(file))).toEqual([]);
    const native = packedFiles(config).filter((file) => /\.(node|so|dll|dylib)$/.test(file));
    expect(unpacked.toSorted()).toEqual(native);
    for (const file of unpacked)
      expect(existsSync(join(scratch, 'app.asar.unpacked', file))).toBe(true);
  });

  test('fuses and switches of the builder', () => {
    expect(config).toMatchObject({ asar: true, npmRebuild: false });
    expect(config.electronFuses).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableCookieEncryption: true,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
  });
});

describe('what the bundles ask for', () => {
  const bundles = (folder: string): string[] =>
    globSync(`out/${folder}/**/*.{cjs,js,mjs}`, { cwd: app }).toSorted();
  const isBuiltin = (name: string): boolean =>
    name.startsWith('node:') || builtinModules.includes(name);

  /** Names of packages; own files must be there, and a name that is computed can't be checked. */
  function packagesOf(file: string): string[] {
    const names: string[] = [];
    for (const name of modulesOf(join(app, file))) {
      if (name === null) {
        // The database's binary, named by system and processor; that it is found is shown by starting below.
        const text = readFileSync(join(app, file), 'utf8');
        expect(text, `${file} computes a name`).toContain('better-sqlite3/package.json');
        names.push('better-sqlite3');
        continue;
      }
      if (name.startsWith('.')) {
        const target = resolve(app, dirname(file), name);
        expect(existsSync(target), `${file} -> ${name}`).toBe(true);
        expect(relative(app, target)).not.toMatch(/^\.\./);
      } else if (!isBuiltin(name)) names.push(name);
    }
    return names;
  }

  test('Node side: Node itself and `dependencies`; never electron', () => {
    const allowed = Object.keys(manifest().dependencies ?? {});
    const files = bundles('node');
    expect(files.length).toBeGreaterThan(10);
    const asked = new Set(files.flatMap(packagesOf));
    expect([...asked].toSorted()).toEqual(allowed.toSorted());
  });

  test('desktop main: electron and Node itself', () => {
    const files = bundles('desktop/main');
    expect(files.length).toBeGreaterThan(0);
    expect([...new Set(files.flatMap(packagesOf))]).toEqual(['electron']);
    for (const file of files) expect(hasTopLevelAwait(join(app, file)), file).toBe(false);
  });

  test('preload: one file whose only require is electron', () => {
    expect(bundles('desktop/preload')).toEqual(['out/desktop/preload/preload.cjs']);
    const asked = modulesOf(join(app, 'out/desktop/preload/preload.cjs'));
    expect([...new Set(asked)]).toEqual(['electron']);
  });

  test('renderer: nothing but its own files', () => {
    for (const file of bundles('renderer')) {
      const foreign = modulesOf(join(app, file)).filter((name) => !/^\.{0,2}\//.test(name ?? ''));
      expect(foreign, file).toEqual([]);
    }
  });

  test('what package.json names is there', () => {
    const { main } = manifest(app);
    expect(existsSync(join(app, main)), main).toBe(true);
  });
});

describe('the packed engine, outside of the repository, on plain Node', () => {
  test('starts, connects the starter library, answers', async () => {
    const { PATH } = process.env;
    const engine = new TestEngine(join(scratch, 'data'), {
      entry: join(app, 'out', 'node', 'engine.cjs'),
      // No NODE_PATH and no INIT_CWD: only what is packed can be found.
      env: { PATH },
    });
    try {
      await engine.start();
      expect(await engine.call('app.info', {})).toMatchObject({
        version: expect.stringMatching(/^\d/),
        dataDir: join(scratch, 'data'),
      });
      const connected = await engine.stream('library.connect', { source: { kind: 'starter' } });
      expect(connected.end).toEqual({ ok: true, value: null });
      await expect
        .poll(async () => (await engine.call('knowledge.collections', {})).collections, {
          timeout: 20_000,
        })
        .toMatchObject([{ name: 'carrel-guide', state: 'ready', files: 15 }]);
      const { events } = await engine.stream('chat.send', {
        text: 'Where is my data stored?',
        route: 'library-reader',
      });
      expect(events.filter(({ type }) => type === 'citation').length).toBeGreaterThan(0);
      expect(events.at(-1)).toMatchObject({ type: 'done', finish: 'stop' });
      expect(await engine.stop()).toBe(0);
    } finally {
      await engine.kill();
    }
  });
});
