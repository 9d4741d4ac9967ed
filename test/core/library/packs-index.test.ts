import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IncomingPack } from '../../../src-main/core/library/git/packs/incoming-pack.ts';
import {
  PACK_LIMITS,
  type PackLimits,
} from '../../../src-main/core/library/git/packs/pack-limits.ts';
import { PackReader } from '../../../src-main/core/library/git/packs/pack-reader.ts';
import { filesBelow } from '../../helpers/git-library.ts';
import { git, gitEnv, tempDir } from '../../helpers/git-repo.ts';
import {
  appending,
  blob,
  header,
  ofsDelta,
  oidOfBlob,
  pack,
  refDelta,
  varint,
} from '../../helpers/packs.helper.ts';
import { execFileSync } from 'node:child_process';
import { deflateSync } from 'node:zlib';

let temp: ReturnType<typeof tempDir>;
let gitdir: string;

beforeEach(() => {
  temp = tempDir();
  gitdir = join(temp.path, 'store');
  git(temp.path, 'init', '-q', '--bare', gitdir);
});
afterEach(() => temp.remove());

const SMALL: PackLimits = {
  objects: 10,
  objectBytes: 1_000,
  inflatedBytes: 2_500,
  deltaBytes: 1_000,
  depth: 3,
};

async function take(bytes: Buffer, limits: PackLimits = SMALL, part = 1_000): Promise<number> {
  const incoming = new IncomingPack(gitdir);
  try {
    for (let at = 0; at < bytes.length; at += part) incoming.write(bytes.subarray(at, at + part));
    return await incoming.finish(limits);
  } finally {
    incoming.discard();
  }
}

function packs(): string[] {
  return readdirSync(join(gitdir, 'objects', 'pack'));
}

test('what is right is taken, byte by byte the same index as native git makes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.uint8Array({ maxLength: 300 }), {
        maxLength: 6,
        selector: (bytes) => Buffer.from(bytes).toString('hex'),
      }),
      fc.integer({ min: 1, max: 200 }),
      async (contents, part) => {
        const whole = pack(contents.map((content) => blob(Buffer.from(content))));
        expect(await take(whole, SMALL, part)).toBe(contents.length);
        const reader = new PackReader(gitdir);
        for (const content of contents.map((each) => Buffer.from(each))) {
          expect(reader.read(oidOfBlob(content).toString('hex'))).toEqual({
            type: 'blob',
            bytes: content,
          });
        }
      },
    ),
    { numRuns: 30 },
  );
  for (const name of packs().filter((each) => each.endsWith('.pack'))) {
    const path = join(gitdir, 'objects', 'pack', name);
    const native = join(temp.path, 'native.idx');
    git(temp.path, 'index-pack', '-o', native, path);
    expect(readFileSync(path.replace(/pack$/, 'idx'))).toEqual(readFileSync(native));
  }
});

test('a history with deltas, as native git packs it: same index, same objects', async () => {
  const work = join(temp.path, 'work');
  git(temp.path, 'init', '-q', work);
  for (let version = 0; version < 30; version += 1) {
    for (let file = 0; file < 12; file += 1) {
      const lines = Array.from(
        { length: 60 },
        (_, n) => `${file} ${n} ${n % 7 === 0 ? version : ''}`,
      );
      mkdirSync(join(work, `d${file % 3}`), { recursive: true });
      writeFileSync(join(work, `d${file % 3}`, `${file}.md`), lines.join('\n'));
    }
    git(work, 'add', '-A');
    git(work, 'commit', '-q', '-m', `Version ${version}`);
  }
  for (const flags of [['--delta-base-offset'], []]) {
    const bytes = execFileSync(
      'git',
      ['pack-objects', '--stdout', '--all', '--depth=50', '-q', ...flags],
      {
        cwd: work,
        env: gitEnv,
        input: '',
      },
    );
    await take(bytes, PACK_LIMITS);
    const name = packs().find((each) => each.endsWith('.idx'));
    const path = join(gitdir, 'objects', 'pack', name ?? '');
    const chains = git(gitdir, 'verify-pack', '-v', path);
    expect(chains).toMatch(/chain length = [2-9]/);
    const reader = new PackReader(gitdir);
    const all = git(work, 'cat-file', '--batch-all-objects', '--batch-check').split('\n');
    expect(all.length).toBeGreaterThan(400);
    for (const [oid = '', type, size] of all.map((each) => each.split(' '))) {
      const found = reader.read(oid);
      expect([found?.type, String(found?.bytes.length)]).toEqual([type, size]);
      expect(reader.size(oid)).toBe(Number(size));
    }
    git(work, 'push', '-q', gitdir, '--force', 'HEAD:refs/heads/main');
    git(gitdir, 'fsck', '--strict', '--full');
  }
});

test('no flipped bit and no cut goes through, and nothing of it stays', async () => {
  const base = randomBytes(50);
  const whole = pack([
    blob(base),
    blob(randomBytes(200)),
    refDelta(appending(50, Buffer.from('tail')), oidOfBlob(base)),
  ]);
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length * 8 - 1), async (bit) => {
      const broken = Buffer.from(whole);
      broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expect(take(broken)).rejects.toMatchObject({ code: 'library/bad-pack' });
    }),
  );
  for (let length = 0; length < whole.length; length += 7) {
    await expect(take(whole.subarray(0, length))).rejects.toThrow(/not valid/);
  }
  expect(filesBelow(join(gitdir, 'objects'))).toEqual([]);
  expect(filesBelow(join(gitdir, 'carrel'))).toEqual([]);
  expect(await take(whole)).toBe(3);
  git(gitdir, 'fsck', '--strict', '--full');
});

/** Flipped bits with a checksum that is right: only the objects themselves can tell. */
test('with a right checksum, a flipped bit is refused or makes another object, never a crash', async () => {
  const base = randomBytes(50);
  const whole = pack([
    blob(base),
    ofsDelta(appending(50, Buffer.from('tail')), blob(base).length),
    refDelta(appending(50, Buffer.from('other')), oidOfBlob(base)),
  ]);
  await fc.assert(
    fc.asyncProperty(fc.nat((whole.length - 33) * 8), async (bit) => {
      const objects = Buffer.from(whole.subarray(12, -20));
      objects[bit >> 3] = (objects[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      try {
        await take(pack([objects], 3));
      } catch (error) {
        expect(error).toMatchObject({
          code: expect.stringMatching(/^library\/(bad-pack|too-large)$/) as string,
        });
      }
    }),
    { numRuns: 300 },
  );
  for (const name of packs().filter((each) => each.endsWith('.idx'))) {
    git(gitdir, 'verify-pack', join(gitdir, 'objects', 'pack', name));
  }
});

describe('refused', () => {
  const base = Buffer.from('a base of some bytes');
  const n = base.length;
  const first = blob(base);
  /** Two deltas that are each other's base. */
  const circle = [
    refDelta(appending(n, Buffer.from('x'))),
    refDelta(appending(n, Buffer.from('y'))),
  ];

  test.each([
    [
      'an object that is larger than it says',
      pack([blob(Buffer.alloc(900), 10)]),
      'library/bad-pack',
    ],
    [
      'an object that is smaller than it says',
      pack([blob(Buffer.alloc(10), 900)]),
      'library/bad-pack',
    ],
    ['a bomb that says so', pack([blob(Buffer.alloc(1_001))]), 'library/too-large'],
    [
      'many that are too much together',
      pack([1, 2, 3].map((b) => blob(Buffer.alloc(900, b)))),
      'library/too-large',
    ],
    ['more objects than allowed', pack([], 11), 'library/too-large'],
    ['fewer objects than it says', pack([blob(Buffer.from('x'))], 2), 'library/bad-pack'],
    [
      'more objects than it says',
      pack([blob(Buffer.from('x')), blob(Buffer.from('y'))], 1),
      'library/bad-pack',
    ],
    ['an object twice', pack([first, first]), 'library/bad-pack'],
    [
      'an unknown kind',
      pack([Buffer.concat([header(5, 1), deflateSync(Buffer.from('x'))])]),
      'library/bad-pack',
    ],
    ['no pack', Buffer.from('<html>hello</html> and some more text'), 'library/bad-pack'],
    [
      'a delta that grows beyond the limit',
      pack([refDelta(Buffer.from([...varint(5), ...varint(1_001), 1]))]),
      'library/too-large',
    ],
    ['a delta without an end', pack([refDelta(Buffer.from([128, 128, 128]))]), 'library/bad-pack'],
    ['a delta without its base', pack([first, refDelta(appending(n, base))]), 'library/bad-pack'],
    [
      'a delta at a wrong distance',
      pack([first, ofsDelta(appending(n, base), first.length - 1)]),
      'library/bad-pack',
    ],
    [
      'a delta before the beginning',
      pack([first, ofsDelta(appending(n, base), 4_000)]),
      'library/bad-pack',
    ],
    ['a delta on itself', pack([first, ofsDelta(appending(n, base), 0)]), 'library/bad-pack'],
    [
      'a delta for a longer base',
      pack([first, ofsDelta(appending(n + 1, base), first.length)]),
      'library/bad-pack',
    ],
    [
      'a delta for a shorter base',
      pack([first, ofsDelta(appending(n - 1, base), first.length)]),
      'library/bad-pack',
    ],
    [
      'a delta that makes less than it says',
      pack([first, ofsDelta(appending(n, base, 2 * n + 1), first.length)]),
      'library/bad-pack',
    ],
    [
      'a delta that makes more than it says',
      pack([first, ofsDelta(appending(n, base, 2 * n - 1), first.length)]),
      'library/bad-pack',
    ],
    [
      'a delta that copies from behind its base',
      pack([first, ofsDelta(Buffer.from([n, 9, 0b1001_0001, n, 9]), first.length)]),
      'library/bad-pack',
    ],
    [
      'a delta with a reserved instruction',
      pack([first, ofsDelta(Buffer.from([n, 0, 0]), first.length)]),
      'library/bad-pack',
    ],
    [
      'a delta that ends within an instruction',
      pack([first, ofsDelta(Buffer.from([n, 9, 0b1001_0001]), first.length)]),
      'library/bad-pack',
    ],
    ['deltas in a circle', pack([first, ...circle]), 'library/bad-pack'],
    ['deltas on too many others', pack(chain(4)), 'library/bad-pack'],
  ])('%s', async (_what, bytes, code) => {
    await expect(take(bytes)).rejects.toMatchObject({ code });
    expect(packs()).toEqual([]);
    expect(await take(pack([blob(Buffer.from('good'))]))).toBe(1);
  });

  test('but not deltas on as many others as are allowed', async () => {
    expect(await take(pack(chain(3)))).toBe(4);
    git(gitdir, 'fsck', '--strict', '--full');
  });
});

/** A blob and deltas, each on the one before, by their names; the last first, so that order can't help. */
function chain(length: number): Buffer[] {
  let content = Buffer.from('begin');
  const objects = [blob(content)];
  for (let n = 0; n < length; n += 1) {
    const tail = Buffer.from(`${n}`);
    objects.push(refDelta(appending(content.length, tail), oidOfBlob(content)));
    content = Buffer.concat([content, tail]);
  }
  return objects.toReversed();
}
