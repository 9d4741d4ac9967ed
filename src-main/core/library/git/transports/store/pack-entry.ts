import { badPack } from '../../../errors.ts';
import type { ObjectType } from './objects.ts';

/** Types of objects by their number in a pack. */
export const TYPES: readonly (ObjectType | null)[] = [null, 'commit', 'tree', 'blob', 'tag'];
const OFS_DELTA = 6;
const REF_DELTA = 7;

/** What stands before the zlib stream of an object in a pack. */
export interface EntryHead {
  /** Where the stream begins, from the beginning of `bytes`. */
  readonly start: number;
  /** Bytes of what the stream opens to: the object, or its delta. */
  readonly size: number;
  readonly is:
    | { readonly kind: 'whole'; readonly type: ObjectType }
    | { readonly kind: 'delta-behind'; readonly distance: number }
    | { readonly kind: 'delta-to'; readonly oid: string };
}

/** Longest head: nine bytes of size, a base by its id. */
export const MAX_HEAD_BYTES = 9 + 20;

/** Reads the head of an entry (gitformat-pack). Errors: `library/bad-pack`. */
export function entryHead(bytes: Buffer): EntryHead {
  let at = 0;
  const byte = (): number => {
    const value = bytes[at];
    if (value === undefined) throw badPack('its objects end too early');
    at += 1;
    return value;
  };
  let part = byte();
  const type = (part >> 4) & 7;
  let size = part & 15;
  for (let scale = 16; (part & 128) !== 0; scale *= 128) {
    if (scale > 2 ** 44) throw badPack('a broken object');
    part = byte();
    size += (part & 127) * scale;
  }
  if (type === OFS_DELTA) {
    part = byte();
    let distance = part & 127;
    while ((part & 128) !== 0) {
      if (distance > 2 ** 40) throw badPack('a broken delta');
      part = byte();
      distance = (distance + 1) * 128 + (part & 127);
    }
    return { start: at, size, is: { kind: 'delta-behind', distance } };
  }
  if (type === REF_DELTA) {
    if (at + 20 > bytes.length) throw badPack('its objects end too early');
    const oid = bytes.toString('hex', at, at + 20);
    return { start: at + 20, size, is: { kind: 'delta-to', oid } };
  }
  const whole = TYPES[type];
  if (!whole) throw badPack('an unknown kind of object');
  return { start: at, size, is: { kind: 'whole', type: whole } };
}

/** The head of a whole object. */
export function wholeHead(type: ObjectType, size: number): Buffer {
  const bytes: number[] = [];
  let left = Math.floor(size / 16);
  bytes.push((TYPES.indexOf(type) << 4) | (size & 15) | (left > 0 ? 128 : 0));
  while (left > 0) {
    const next = Math.floor(left / 128);
    bytes.push((left & 127) | (next > 0 ? 128 : 0));
    left = next;
  }
  return Buffer.from(bytes);
}
