import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { consolidate } from '../../../src-main/core/library/git/packs/consolidate.ts';
import { PackReader } from '../../../src-main/core/library/git/packs/pack-reader.ts';
import { filesBelow } from '../../helpers/git-library.ts';
import { git, gitEnv, gitIn, tempDir } from '../../helpers/git-repo.ts';
import {
  allObjects,
  judge,
  looseBlob,
  packFiles,
  takePack,
} from '../../helpers/pack-store.helper.ts';
import { appending, blob, oidOfBlob, ofsDelta, pack } from '../../helpers/packs.helper.ts';

let temp: ReturnType<typeof tempDir>;
let gitdir: string;

beforeEach(() => {
  temp = tempDir();
  gitdir = join(temp.path, 'store');
  git(temp.path, 'init', '-q', '--bare', gitdir);
});
afterEach(() => temp.remove());

/** One pack of one new blob. */
async function small(content = randomBytes(100)): Promise<string> {
  await takePack(gitdir, pack([blob(content)]));
  return oidOfBlob(content).toString('hex');
}

async function severalSmall(count = 9): Promise<string[]> {
  const oids = [];
  for (let n = 0; n < count; n += 1) oids.push(await small());
  return oids;
}

test('small packs become one; who listed them before still reads all of it', async () => {
  const oids = await severalSmall();
  const stale = new PackReader(gitdir);
  const sizes = new PackReader(gitdir);
  await consolidate(gitdir);
  expect(packFiles(gitdir)).toHaveLength(1);
  expect(packFiles(gitdir, 'pack')).toHaveLength(1);
  for (const oid of oids) {
    expect(sizes.size(oid)).toBe(100);
    expect(stale.has(oid)).toBe(true);
    expect(stale.read(oid)?.bytes).toHaveLength(100);
  }
  judge(gitdir);
});

test('few packs and few loose objects stay as they are', async () => {
  await severalSmall(8);
  gitIn(gitdir, 'loose', 'hash-object', '-w', '--stdin');
  const before = filesBelow(join(gitdir, 'objects'));
  await consolidate(gitdir);
  expect(filesBelow(join(gitdir, 'objects'))).toEqual(before);
});

test('a large pack is not copied for a few small ones', async () => {
  await takePack(gitdir, pack([blob(randomBytes(200_000))]));
  const [large = ''] = packFiles(gitdir);
  await severalSmall();
  await consolidate(gitdir);
  expect(packFiles(gitdir)).toHaveLength(2);
  expect(existsSync(large)).toBe(true);
  judge(gitdir);
});

test('objects that are each other’s base in two packs do not become a circle', async () => {
  const a = Buffer.from('first of two');
  const b = Buffer.concat([a, Buffer.from(' and more')]);
  const onA = ofsDelta(appending(a.length, Buffer.from(' and more')), blob(a).length);
  // The other way round: all of the shorter one is the beginning of the longer one.
  const cut = Buffer.from([b.length, a.length, 0b1001_0000, a.length]);
  await takePack(gitdir, pack([blob(a), onA]));
  await takePack(gitdir, pack([blob(b), ofsDelta(cut, blob(b).length)]));
  await severalSmall();
  await consolidate(gitdir);
  expect(packFiles(gitdir)).toHaveLength(1);
  const reader = new PackReader(gitdir);
  expect(reader.read(oidOfBlob(a).toString('hex'))?.bytes).toEqual(a);
  expect(reader.read(oidOfBlob(b).toString('hex'))?.bytes).toEqual(b);
  judge(gitdir);
});

test('histories with deltas of both kinds and loose objects of every kind', async () => {
  const work = join(temp.path, 'work');
  git(temp.path, 'init', '-q', work);
  for (let version = 0; version < 12; version += 1) {
    const lines = Array.from({ length: 80 }, (_, n) => `${n} ${n % 9 === 0 ? version : ''}`);
    writeFileSync(join(work, 'a.md'), lines.join('\n'));
    git(work, 'add', '-A');
    git(work, 'commit', '-q', '-m', `Version ${version}`);
    const flags = version % 2 === 0 ? ['--delta-base-offset'] : [];
    const args = ['pack-objects', '--stdout', '--all', '-q', ...flags];
    const bytes = execFileSync('git', args, { cwd: work, env: gitEnv, input: '' });
    await takePack(gitdir, bytes);
  }
  for (let n = 0; n < 500; n += 1) looseBlob(gitdir, Buffer.from(`loose ${n}`));
  git(work, 'tag', '-a', '-m', 'A tag', 'v1');
  git(work, 'push', '-q', gitdir, 'HEAD:refs/heads/main', 'v1');
  const before = allObjects(gitdir);
  await consolidate(gitdir);
  expect(packFiles(gitdir)).toHaveLength(1);
  expect(git(gitdir, 'count-objects')).toMatch(/^0 objects/);
  expect(allObjects(gitdir)).toEqual(before);
  const reader = new PackReader(gitdir);
  for (const [oid = '', type, size] of before.map((each) => each.split(' '))) {
    const found = reader.read(oid);
    expect([found?.type, String(found?.bytes.length)]).toEqual([type, size]);
  }
  expect(git(gitdir, 'verify-pack', '-v', ...packFiles(gitdir))).toMatch(/chain length = [1-9]/);
  judge(gitdir);
});

test('halves that an interruption left are removed; copies left twice are harmless', async () => {
  const oids = await severalSmall();
  const [path = ''] = packFiles(gitdir, 'pack');
  const kept = readFileSync(path);
  await consolidate(gitdir);
  writeFileSync(path, kept);
  const byNative = join(gitdir, 'objects', 'pack', 'tmp_pack_abc');
  writeFileSync(byNative, kept);
  await severalSmall();
  await consolidate(gitdir);
  for (const left of [path, byNative]) expect(existsSync(left)).toBe(false);
  const reader = new PackReader(gitdir);
  for (const oid of oids) expect(reader.read(oid)?.bytes).toHaveLength(100);
  judge(gitdir);
});

test('a pack that this disk damaged stays as it is; the others become one', async () => {
  const oids = await severalSmall(12);
  const [path = ''] = packFiles(gitdir, 'pack');
  const bytes = readFileSync(path);
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  rmSync(path);
  writeFileSync(path, bytes);
  await consolidate(gitdir);
  expect(packFiles(gitdir)).toHaveLength(2);
  expect(readFileSync(path)).toEqual(bytes);
  expect(filesBelow(join(gitdir, 'carrel'))).toEqual([]);
  const reader = new PackReader(gitdir);
  const readable = oids.filter((oid) => {
    try {
      return reader.read(oid)?.bytes.length === 100;
    } catch (error) {
      expect(error).toMatchObject({ code: 'library/damaged' });
      return false;
    }
  });
  expect(readable).toHaveLength(11);
});

test('loose objects alone are packed; a damaged one stays and says what it is', async () => {
  const oids = Array.from({ length: 600 }, (_, n) => looseBlob(gitdir, Buffer.from(`loose ${n}`)));
  const [damaged = '', ...others] = oids;
  const path = join(gitdir, 'objects', damaged.slice(0, 2), damaged.slice(2));
  writeFileSync(path, readFileSync(path).subarray(0, 9));
  await consolidate(gitdir);
  expect(packFiles(gitdir)).toHaveLength(1);
  expect(filesBelow(join(gitdir, 'objects')).filter((each) => !each.includes('pack'))).toHaveLength(
    1,
  );
  const reader = new PackReader(gitdir);
  for (const oid of others) expect(reader.has(oid)).toBe(true);
  expect(() => reader.read(damaged)).toThrow(/damaged/);
  rmSync(path);
  judge(gitdir);
});
