import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../helpers/imports.helper.ts';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'carrel-entry-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Where a program keeps compiled code after its entry was prepared; null where it keeps none. */
function compileCache(): string | null {
  const entry = pathToFileURL(join(root, 'src-main', 'shell', 'entry.ts')).href;
  const script = `
    const { prepareEntry } = await import(${JSON.stringify(entry)});
    const { getCompileCacheDir } = await import('node:module');
    prepareEntry(['--data-dir', ${JSON.stringify(dir)}]);
    console.log(getCompileCacheDir() ?? 'none');
  `;
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { env });
  expect(run.stderr.toString()).toBe('');
  const text = run.stdout.toString().trim();
  return text === 'none' ? null : text;
}

describe.skipIf(process.platform === 'win32')('the compile cache', () => {
  test('is in a folder of our own', () => {
    expect(compileCache()).toContain(join(dir, 'cache', 'compile'));
  });

  test.each([
    ['others may write', (at: string) => chmodSync((mkdirSync(at), at), 0o777)],
    ['a group may write', (at: string) => chmodSync((mkdirSync(at), at), 0o770)],
    ['is a link', (at: string) => symlinkSync(tmpdir(), at)],
  ])('is off where the folder is one that %s', (_what, make) => {
    make(join(dir, 'cache'));
    expect(compileCache()).toBeNull();
    expect(existsSync(join(dir, 'cache', 'compile'))).toBe(false);
  });

  test('may be read by others', () => {
    chmodSync((mkdirSync(join(dir, 'cache')), join(dir, 'cache')), 0o755);
    expect(compileCache()).not.toBeNull();
  });
});
