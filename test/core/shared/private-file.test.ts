import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ensurePrivateDir,
  removeInterruptedWrites,
  repairMode,
  writePrivateFile,
} from '../../../src-main/core/shared/private-file.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'carrel-private-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const mode = (path: string): number => statSync(path).mode & 0o777;

describe('a private file', () => {
  it('is written whole, to its owner only, with its folders, whatever the mask', async () => {
    const old = process.umask(0);
    try {
      const file = join(dir, 'a', 'b', 'c.json');
      await writePrivateFile(file, 'one');
      await writePrivateFile(file, Buffer.from('two'));
      expect(readFileSync(file, 'utf8')).toBe('two');
      expect(mode(file)).toBe(0o600);
      expect(mode(join(dir, 'a'))).toBe(0o700);
      expect(readdirSync(join(dir, 'a', 'b'))).toEqual(['c.json']);
    } finally {
      process.umask(old);
    }
  });

  it('is one of those that were written at the same time, and nothing is left over', async () => {
    const file = join(dir, 'x');
    const texts = Array.from({ length: 20 }, (_, n) => String(n).repeat(5_000));
    await Promise.all(texts.map((text) => writePrivateFile(file, text)));
    expect(texts).toContain(readFileSync(file, 'utf8'));
    expect(readdirSync(dir)).toEqual(['x']);
  });

  it('that can not be written leaves no trace', async () => {
    mkdirSync(join(dir, 'taken'));
    writeFileSync(join(dir, 'taken', 'inside'), '');
    await expect(writePrivateFile(join(dir, 'taken'), 'text')).rejects.toThrow();
    expect(readdirSync(dir)).toEqual(['taken']);
  });

  it('does not follow a link out of its folder', async () => {
    writeFileSync(join(dir, 'outside'), 'kept');
    symlinkSync(join(dir, 'outside'), join(dir, 'link'));
    await writePrivateFile(join(dir, 'link'), 'text');
    expect(readFileSync(join(dir, 'outside'), 'utf8')).toBe('kept');
    expect(readFileSync(join(dir, 'link'), 'utf8')).toBe('text');
  });
});

describe('rights', () => {
  it('of others are taken away and told, once', async () => {
    const file = join(dir, 'x');
    writeFileSync(file, '');
    chmodSync(file, 0o604);
    expect(repairMode(file, 0o600)).toBe(true);
    expect(repairMode(file, 0o600)).toBe(false);
    expect(mode(file)).toBe(0o600);
    expect(repairMode(join(dir, 'none'), 0o600)).toBe(false);
  });

  it('of a folder that is there are put right', async () => {
    const folder = join(dir, 'open');
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    ensurePrivateDir(folder);
    expect(mode(folder)).toBe(0o700);
  });
});

it('what interrupted writes left is removed, and nothing else', async () => {
  const names = ['keys.json', 'keys.json.0123456789ab.tmp', 'mine.tmp', 'x.0123456789AB.tmp'];
  for (const name of names) writeFileSync(join(dir, name), '');
  expect(await removeInterruptedWrites(dir)).toBe(1);
  expect(readdirSync(dir).toSorted()).toEqual(['keys.json', 'mine.tmp', 'x.0123456789AB.tmp']);
  expect(await removeInterruptedWrites(join(dir, 'none'))).toBe(0);
});
