import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { incomplete, tooLarge } from '../../errors.ts';
import { MAX_FETCH_BYTES } from '../../limits.ts';
import type { ObjectStore, Oid } from '../object-store.ts';
import { turns } from '../turns.ts';
import { packHead, typeNumber } from './entry.ts';

/** A pack of these objects, each whole, in parts. Errors: `library/incomplete`, `library/too-large` (256 MB). */
export async function packObjects(
  store: ObjectStore,
  oids: readonly Oid[],
): Promise<readonly Buffer[]> {
  const head = Buffer.alloc(12);
  head.write('PACK', 'latin1');
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(oids.length, 8);
  const parts: Buffer[] = [head];
  const hash = createHash('sha1').update(head);
  const turn = turns();
  let size = 0;
  for (const oid of oids) {
    const object = store.object(oid);
    if (!object) throw incomplete(oid);
    const { type, bytes } = object;
    for (const part of [packHead(typeNumber(type), bytes.length), deflateSync(bytes)]) {
      hash.update(part);
      parts.push(part);
      size += part.length;
    }
    if (size > MAX_FETCH_BYTES) throw tooLarge('what would be sent at once');
    await turn();
  }
  return [...parts, hash.digest()];
}
