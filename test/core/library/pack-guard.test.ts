import { createHash, randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { guardAnswer, guardPack } from '../../../src-main/core/library/git/pack-guard.ts';

/** Header of an object in a pack: type and size, seven bits a byte after the first four. */
function header(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size & 15)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 128;
    bytes.push(rest & 127);
  }
  return Buffer.from(bytes);
}

function blob(content: Buffer, said = content.length): Buffer {
  return Buffer.concat([header(3, said), deflateSync(content)]);
}

function varint(value: number): number[] {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest & 127) | 128);
  }
}

function refDelta(delta: Buffer): Buffer {
  return Buffer.concat([header(7, delta.length), randomBytes(20), deflateSync(delta)]);
}

function pack(objects: readonly Buffer[], count = objects.length): Buffer {
  const head = Buffer.alloc(12);
  head.write('PACK');
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(count, 8);
  const body = Buffer.concat([head, ...objects]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}

function line(payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from((payload.length + 4).toString(16).padStart(4, '0')), payload]);
}

const limits = { objects: 10, objectBytes: 1_000, inflatedBytes: 2_500 };

test('takes what is right, in one line or cut into many', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 200 }),
      (contents, size) => {
        const whole = pack(contents.map((content) => blob(Buffer.from(content))));
        const lines = [line(Buffer.from('NAK\n')), line(Buffer.from('\u0002Counting\n'))];
        for (let at = 0; at < whole.length; at += size) {
          lines.push(line(Buffer.concat([Buffer.from([1]), whole.subarray(at, at + size)])));
        }
        const answer = Buffer.concat([...lines, Buffer.from('0000')]);
        expect(guardAnswer(answer, limits)).toBe(contents.length);
      },
    ),
    { numRuns: 50 },
  );
});

test('no flipped bit and no cut goes through', () => {
  const whole = pack([blob(Buffer.from('one')), blob(randomBytes(200))]);
  fc.assert(
    fc.property(fc.nat(whole.length * 8 - 1), (bit) => {
      const broken = Buffer.from(whole);
      broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => guardPack(broken, limits)).toThrow(
        expect.objectContaining({ name: 'AppError' }),
      );
    }),
  );
  for (let length = 0; length < whole.length; length += 7) {
    expect(() => guardPack(whole.subarray(0, length), limits)).toThrow(/not valid/);
  }
});

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
    pack([1, 2, 3].map(() => blob(Buffer.alloc(900)))),
    'library/too-large',
  ],
  ['more objects than allowed', pack([], 11), 'library/too-large'],
  ['fewer objects than it says', pack([blob(Buffer.from('x'))], 2), 'library/bad-pack'],
  [
    'more objects than it says',
    pack([blob(Buffer.from('x')), blob(Buffer.from('y'))], 1),
    'library/bad-pack',
  ],
  [
    'a delta that grows beyond the limit',
    pack([refDelta(Buffer.from([...varint(5), ...varint(1_001), 1]))]),
    'library/too-large',
  ],
  ['a delta without an end', pack([refDelta(Buffer.from([128, 128, 128]))]), 'library/bad-pack'],
  [
    'an unknown kind',
    pack([Buffer.concat([header(5, 1), deflateSync(Buffer.from('x'))])]),
    'library/bad-pack',
  ],
])('%s', (_what, bytes, code) => {
  expect(() => guardPack(bytes, limits)).toThrow(expect.objectContaining({ code }));
});

test('tells the server’s own refusal, without its control characters', () => {
  const answer = line(Buffer.from('ERR upload-pack: not our ref \u001b[31m\u202e'));
  expect(() => guardAnswer(answer)).toThrow(
    expect.objectContaining({
      code: 'library/remote-refused',
      message: 'The remote refused: upload-pack: not our ref [31m',
    }),
  );
});
