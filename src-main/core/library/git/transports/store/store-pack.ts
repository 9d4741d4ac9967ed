import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { deflateSync } from 'node:zlib';
import { badPack, tooLarge } from '../../../errors.ts';
import { MAX_PACK_OBJECTS } from '../../../limits.ts';
import { syncDir } from '../../atomic-fs.ts';
import { applyDelta } from './delta.ts';
import { inflateExactly } from './inflate.ts';
import type { Objects, ObjectType, StoredObject } from './objects.ts';
import { entryHead, MAX_HEAD_BYTES } from './pack-entry.ts';

const HEADER_BYTES = 12;
const SUM_BYTES = 20;
/** Objects between two turns of the event loop, so that a cancel is heard. */
const OBJECTS_A_TURN = 50;
/** Git's objects are never changed. */
const OBJECT_MODE = 0o444;

/**
 * Stores every object of a pack as a file of its own in the repository, durable when this returns.
 * Errors: `library/bad-pack`, `library/too-large`, `library/incomplete`.
 */
export async function storePack(
  gitdir: string,
  objects: Objects,
  pack: Buffer,
  signal: AbortSignal,
): Promise<void> {
  // A push of what is there already comes without a pack.
  if (pack.length === 0) return;
  const end = pack.length - SUM_BYTES;
  if (
    end < HEADER_BYTES ||
    pack.toString('latin1', 0, 4) !== 'PACK' ||
    pack.readUInt32BE(4) !== 2
  ) {
    throw badPack('no pack in it');
  }
  const sum = createHash('sha1').update(pack.subarray(0, end)).digest();
  if (!sum.equals(pack.subarray(end))) throw badPack('its checksum is wrong');
  const count = pack.readUInt32BE(8);
  if (count > MAX_PACK_OBJECTS) throw tooLarge(`${count} objects in one pack`);
  const oids = new Map<number, string>();
  const folders = new Set<string>();
  let at = HEADER_BYTES;
  for (let n = 0; n < count; n += 1) {
    if (n % OBJECTS_A_TURN === 0) await turn();
    signal.throwIfAborted();
    const head = entryHead(pack.subarray(at, Math.min(at + MAX_HEAD_BYTES, end)));
    const body = inflateExactly(pack.subarray(at + head.start, end), head.size);
    const object = whole(head.is, at, body.data);
    const oid = oidOf(object);
    oids.set(at, oid);
    const folder = writeLoose(gitdir, oid, object);
    if (folder !== null) folders.add(folder);
    at += head.start + body.consumed;
  }
  if (at !== end) throw badPack('bytes after its last object');
  for (const folder of folders) syncDir(folder);
  if (folders.size > 0) syncDir(join(gitdir, 'objects'));

  function whole(
    is: ReturnType<typeof entryHead>['is'],
    offset: number,
    data: Buffer,
  ): StoredObject {
    if (is.kind === 'whole') return { type: is.type, data };
    const oid = is.kind === 'delta-to' ? is.oid : oids.get(offset - is.distance);
    if (oid === undefined) throw badPack('a broken delta');
    const base = objects.read(oid);
    return { type: base.type, data: applyDelta(base.data, data) };
  }
}

function framed({ type, data }: { type: ObjectType; data: Buffer }): Buffer {
  return Buffer.concat([Buffer.from(`${type} ${data.length}\0`, 'latin1'), data]);
}

function oidOf(object: StoredObject): string {
  return createHash('sha1').update(framed(object)).digest('hex');
}

/** Writes an object where it isn't yet; whole or not at all. Returns the folder to sync, null where it was there. */
function writeLoose(gitdir: string, oid: string, object: StoredObject): string | null {
  const root = join(gitdir, 'objects');
  const folder = join(root, oid.slice(0, 2));
  const path = join(folder, oid.slice(2));
  if (existsSync(path)) return null;
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    // A repository that several people write has its rights on its folders.
    chmodSync(folder, statSync(root).mode & 0o7777);
  }
  // The name that git's own housekeeping takes away when it is left behind.
  const temp = join(folder, `tmp_obj_${randomBytes(6).toString('hex')}`);
  try {
    const fd = openSync(temp, 'wx', OBJECT_MODE);
    try {
      const bytes = deflateSync(framed(object));
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temp, path);
  } catch (error) {
    rmSync(temp, { force: true });
    throw error;
  }
  return folder;
}
