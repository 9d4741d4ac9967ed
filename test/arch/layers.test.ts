import { readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allImports, importsOf, root, show, type Import } from '../helpers/imports.helper.ts';

const isElectron = ({ target }: Import): boolean =>
  target === 'electron' || target.startsWith('electron/') || target === 'electron-store';
const isNode = ({ target }: Import): boolean =>
  target.startsWith('node:') || builtinModules.includes(target);
const isOwn = ({ target }: Import): boolean => target.startsWith('src-');

const main = allImports('src-main');
const inside = (folder: string) => (one: Import) => one.file.startsWith(`src-main/${folder}/`);

describe('layers', () => {
  test('the scan sees the sources', () => {
    expect(main.length).toBeGreaterThan(100);
    expect(show(main)).toContain('src-main/engine.ts -> src-main/shell/engine-process.ts');
  });

  test('core and db import no electron, no shell, no router', () => {
    const wrong = main.filter(
      (one) =>
        (inside('core')(one) || inside('db')(one)) &&
        (isElectron(one) ||
          /^src-main\/(shell|electron|web|router|cli)\//.test(one.target) ||
          /^src-main\/[^/]+\.ts$/.test(one.target)),
    );
    // Types of the host port cross as a port: the vault's key slot is lent by the host.
    expect(show(wrong.filter((one) => !one.typeOnly))).toEqual([]);
    expect(
      show(wrong.filter((one) => one.target !== 'src-main/shell/host-port.ts' && one.typeOnly)),
    ).toEqual([]);
  });

  test('features of the core meet only in ports', () => {
    const featureOf = (path: string): string | undefined =>
      /^src-main\/core\/([^/]+)\//.exec(path)?.[1];
    const wrong = main.filter((one) => {
      const from = featureOf(one.file);
      const to = featureOf(one.target);
      if (!from || !to || from === to || to === 'shared') return false;
      return !one.target.endsWith('/ports.ts');
    });
    expect(show(wrong)).toEqual([]);
  });

  test('only electron/, main.ts import electron, and one file touches ipcMain', () => {
    const wrong = main.filter(
      (one) => isElectron(one) && !inside('electron')(one) && one.file !== 'src-main/main.ts',
    );
    expect(show(wrong)).toEqual([]);
  });

  test('an engine loads no schema library before its first call', () => {
    const seen = new Set<string>();
    const wrong: Import[] = [];
    const queue = ['src-main/shell/engine-process.ts'];
    for (let file = queue.pop(); file; file = queue.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      for (const one of importsOf(file)) {
        if (one.typeOnly || one.dynamic) continue;
        if (one.target === 'zod') wrong.push(one);
        else if (isOwn(one)) queue.push(one.target);
      }
    }
    expect(seen.size).toBeGreaterThan(50);
    expect(show(wrong)).toEqual([]);
  });

  test('the contract imports zod only', () => {
    const wrong = allImports('src-contract').filter(
      (one) => one.target !== 'zod' && !one.target.startsWith('src-contract/'),
    );
    expect(show(wrong)).toEqual([]);
  });

  test('what preload and renderer run of the contract is free of zod', () => {
    const free = new Set(
      ['routes', 'client', 'bridge', 'protocol', 'result', 'app-error', 'limits'].map(
        (name) => `src-contract/${name}.ts`,
      ),
    );
    const wrong = allImports('src-contract').filter(
      (one) => free.has(one.file) && !one.typeOnly && !free.has(one.target),
    );
    expect(show(wrong)).toEqual([]);
    const users = [...allImports('src-preload'), ...allImports('src-renderer')];
    const heavy = users.filter(
      (one) => one.target.startsWith('src-contract/') && !one.typeOnly && !free.has(one.target),
    );
    expect(show(heavy)).toEqual([]);
  });

  test('preload imports electron and the zod-free contract only', () => {
    const wrong = allImports('src-preload').filter(
      (one) => one.target !== 'electron' && !/^src-(contract|preload)\//.test(one.target),
    );
    expect(show(wrong)).toEqual([]);
  });

  test('the renderer imports no Node module and nothing of the main side', () => {
    const wrong = allImports('src-renderer').filter(
      (one) =>
        isNode(one) ||
        isElectron(one) ||
        (isOwn(one) && !/^src-(contract|renderer)\//.test(one.target)),
    );
    expect(show(wrong)).toEqual([]);
  });

  test('bridge.ts is the only user of window.carrel and of web sockets in the renderer', async () => {
    const { readFile } = await import('node:fs/promises');
    const files = readdirSync(join(root, 'src-renderer'), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => file.replaceAll('\\', '/'));
    const users: string[] = [];
    for (const file of files) {
      const text = await readFile(join(root, 'src-renderer', file), 'utf8');
      if (/window\.carrel|new WebSocket/.test(text)) users.push(file);
    }
    expect(users.filter((file) => !/^bridge(\.ts|\/)/.test(file))).toEqual([]);
  });
});
