import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MAX_OBJECT_BYTES } from '../../../src-main/core/library/limits.ts';
import { git, tempDir } from '../../helpers/git-repo.ts';
import { appending, blob, oidOfBlob, pack, refDelta, varint } from '../../helpers/packs.helper.ts';

const MB = 1024 * 1024;
/** The bound of the acceptance list. */
const MOST_GROWTH_MB = 100;

let temp: ReturnType<typeof tempDir>;
let child: ChildProcess;
let gitdir: string;

beforeEach(async () => {
  temp = tempDir();
  gitdir = join(temp.path, 'store');
  git(temp.path, 'init', '-q', '--bare', gitdir);
  child = fork(join(import.meta.dirname, 'packs-memory.helper.ts'), { execArgv: [] });
  const small = Buffer.from('warm');
  await take(pack([blob(small), refDelta(appending(4, Buffer.from('er')), oidOfBlob(small))]));
});
afterEach(() => {
  child.kill('SIGKILL');
  temp.remove();
});

async function take(bytes: Buffer): Promise<{ code: string; grown: number }> {
  const path = join(temp.path, 'incoming');
  writeFileSync(path, bytes);
  child.send({ gitdir, path });
  const [answer] = (await once(child, 'message')) as [{ code: string; grown: number }];
  return answer;
}

/** Zeros but for the last byte: a thousand times smaller when packed. */
function zeros(size: number, last: number): Buffer {
  const bytes = Buffer.alloc(size);
  bytes[size - 1] = last;
  return bytes;
}

/** Instructions that copy all of a base of 6 to 12 MB. */
function copyAll(length: number): number[] {
  return [0, 1].flatMap((n) => {
    const at = n * 0x60_0000;
    const size = n === 1 ? length - at : 0x60_0000;
    return [255, 0, 0, (at >> 16) & 255, at >> 24, size & 255, (size >> 8) & 255, size >> 16];
  });
}

/** Deltas of a few bytes that each make 12 MB out of 12 MB. */
function deltaBomb(deltas: number): Buffer {
  const base = zeros(12 * MB - 1, 0);
  const copies = copyAll(base.length);
  const oid = oidOfBlob(base);
  return pack([
    blob(base),
    ...Array.from({ length: deltas }, (_, n) => {
      const head = [...varint(base.length), ...varint(base.length + 1)];
      return refDelta(Buffer.from([...head, ...copies, 1, n]), oid);
    }),
  ]);
}

/** Each made of the one before, all large. */
function chainBomb(length: number): Buffer {
  let content = zeros(12 * MB - length - 1, 0);
  const objects = [blob(content)];
  for (let n = 0; n < length; n += 1) {
    const oid = oidOfBlob(content);
    const head = [...varint(content.length), ...varint(content.length + 1)];
    objects.push(refDelta(Buffer.from([...head, ...copyAll(content.length), 1, n]), oid));
    content = Buffer.concat([content, Buffer.from([n])]);
  }
  return pack(objects);
}

test.each([
  [
    'many large objects within the limits',
    () => pack([1, 2].map((n) => blob(zeros(MAX_OBJECT_BYTES - 1, n)))),
    'taken',
  ],
  ['large objects as deltas on one', () => deltaBomb(12), 'taken'],
  ['large objects as deltas on each other', () => chainBomb(10), 'taken'],
  ['more deltas than the limits allow', () => deltaBomb(190), 'library/too-large'],
  [
    'an object over its limit',
    () => pack([blob(zeros(MAX_OBJECT_BYTES + 1, 1))]),
    'library/too-large',
  ],
  [
    'an object that is larger than it says',
    () => pack([blob(zeros(MAX_OBJECT_BYTES, 1), 1_000)]),
    'library/bad-pack',
  ],
  [
    'a large object that is larger than it says',
    () => pack([blob(zeros(MAX_OBJECT_BYTES, 1), 2 * MB)]),
    'library/bad-pack',
  ],
  ['a million objects that are not there', () => pack([], 1_000_000), 'library/bad-pack'],
])('%s: less than 100 MB, and the next good pack is taken', async (_what, bomb, code) => {
  const answer = await take(bomb());
  expect(answer.code).toBe(code);
  expect(answer.grown / MB).toBeLessThan(MOST_GROWTH_MB);
  expect((await take(pack([blob(Buffer.from('good'))]))).code).toBe('taken');
  git(gitdir, 'fsck', '--strict', '--full');
});
