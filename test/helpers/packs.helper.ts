import { createHash, randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';

/** Packs made by hand, right and wrong ones. */

/** Header of an object in a pack: type and size, seven bits a byte after the first four. */
export function header(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size & 15)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 128;
    bytes.push(rest & 127);
  }
  return Buffer.from(bytes);
}

export function blob(content: Buffer, said = content.length): Buffer {
  return Buffer.concat([header(3, said), deflateSync(content)]);
}

export function oidOfBlob(content: Buffer): Buffer {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest();
}

export function varint(value: number): number[] {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest & 127) | 128);
  }
}

/** A delta that takes all of its base and adds `tail` (up to 127 bytes). */
export function appending(base: number, tail: Buffer, said = base + tail.length): Buffer {
  const copy = base === 0 ? [] : [0b1111_0000, base & 255, (base >> 8) & 255, (base >> 16) & 255];
  if (copy.length > 0) copy[0] = 0b1111_0000;
  return Buffer.concat([
    Buffer.from([...varint(base), ...varint(said), ...copy, ...(tail.length ? [tail.length] : [])]),
    tail,
  ]);
}

export function refDelta(delta: Buffer, base: Buffer = randomBytes(20)): Buffer {
  return Buffer.concat([header(7, delta.length), base, deflateSync(delta)]);
}

export function ofsDelta(delta: Buffer, distance: number): Buffer {
  const groups = [distance & 127];
  for (let rest = Math.floor(distance / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest -= 1;
    groups.unshift((rest & 127) | 128);
  }
  return Buffer.concat([header(6, delta.length), Buffer.from(groups), deflateSync(delta)]);
}

export function pack(objects: readonly Buffer[], count = objects.length): Buffer {
  const head = Buffer.alloc(12);
  head.write('PACK');
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(count, 8);
  const body = Buffer.concat([head, ...objects]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}

export function line(payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from((payload.length + 4).toString(16).padStart(4, '0')), payload]);
}

/** An answer of upload-pack: acknowledgement, side-band of `size` bytes a line, flush. */
export function answerOf(whole: Buffer, size = 60_000): Buffer {
  const lines = [line(Buffer.from('NAK\n')), line(Buffer.from('\u0002Counting\n'))];
  for (let at = 0; at < whole.length; at += size) {
    lines.push(line(Buffer.concat([Buffer.from([1]), whole.subarray(at, at + size)])));
  }
  return Buffer.concat([...lines, Buffer.from('0000')]);
}
