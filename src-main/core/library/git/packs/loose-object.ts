import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { isMissing } from '../atomic-fs.ts';
import { MAX_OBJECT_BYTES } from '../../limits.ts';
import type { ObjectType } from './entry.ts';
import { objectHash } from './scan-pack.ts';
import { storeDamaged } from './store-damaged.ts';

/** Longest header: the longest kind, ten digits, a blank and a zero. */
const MAX_HEAD_BYTES = 32;

export interface StoredObject {
  readonly type: ObjectType;
  readonly bytes: Buffer;
}

export function loosePath(gitdir: string, oid: string): string {
  return join(gitdir, 'objects', oid.slice(0, 2), oid.slice(2));
}

export function hasLoose(gitdir: string, oid: string): boolean {
  return existsSync(loosePath(gitdir, oid));
}

/** An object in a file of its own, its name checked; null where there is none. Errors: `library/damaged`. */
export function readLoose(gitdir: string, oid: string): StoredObject | null {
  let file: Buffer;
  try {
    file = readFileSync(loosePath(gitdir, oid));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  const all = inflated(file, oid);
  const end = all.subarray(0, MAX_HEAD_BYTES).indexOf(0);
  const head = /^(commit|tree|blob|tag) \d+$/.exec(all.toString('latin1', 0, Math.max(0, end)));
  const type = head?.[1] as ObjectType | undefined;
  const bytes = all.subarray(end + 1);
  if (!type || objectHash(type, bytes).digest('hex') !== oid) throw storeDamaged(oid);
  return { type, bytes };
}

function inflated(file: Buffer, oid: string): Buffer {
  try {
    return inflateSync(file, { maxOutputLength: MAX_OBJECT_BYTES + MAX_HEAD_BYTES });
  } catch (error) {
    throw storeDamaged(oid, error);
  }
}
