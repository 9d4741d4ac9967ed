import { createHash } from 'node:crypto';
import { badPack, tooLarge } from '../../errors.ts';
import { turns } from '../turns.ts';
import { applyDelta, deltaHead, streamDelta } from './delta.ts';
import { entryHead, inflateEntry, type ObjectType } from './entry.ts';
import type { PackBytes } from './pack-bytes.ts';
import { oidOf } from './pack-index.ts';
import type { PackLimits } from './pack-limits.ts';
import { objectHead, STREAMED_BYTES, type Delta, type ScannedPack } from './scan-pack.ts';
import { SizedCache } from './sized-cache.ts';

/** Bases kept while their deltas are resolved, bytes. What falls out is computed again. */
const KEPT_BASE_BYTES = 16 * 1024 * 1024;

/**
 * Second pass: names every delta's object, from the whole objects down, without recursion. Memory is
 * bounded by the cache and three objects, work by the limit on inflated bytes.
 *
 * Errors: `library/bad-pack` (a base that is not in the pack, a circle, a wrong size, too deep),
 * `library/too-large`.
 */
export async function resolveDeltas(
  pack: PackBytes,
  scanned: ScannedPack,
  limits: PackLimits,
): Promise<void> {
  const { rows, deltas, end } = scanned;
  if (deltas.length === 0) return;
  const byRow = new Map<number, Delta[]>();
  const byName = new Map<string, Delta[]>();
  for (const delta of deltas) {
    if (typeof delta.base === 'number') add(byRow, delta.base, delta);
    else add(byName, delta.base, delta);
  }
  const isDelta = new Set(deltas.map(({ row }) => row));
  /** The base of each delta that has its name. */
  const baseOf = new Map<number, number>();
  const cache = new SizedCache<number, Buffer>(KEPT_BASE_BYTES, ({ length }) => length);
  let again = 0;
  const turn = turns();

  for (let row = 0; row < rows.offsets.length; row += 1) {
    if (isDelta.has(row)) continue;
    const waiting = childrenOf(row, 0);
    if (waiting.length === 0) continue;
    const { base } = entryHead(pack, rows.offsets[row] ?? 0, end);
    if (base.kind === 'none') await resolveBelow(waiting, base.type);
    cache.clear();
  }
  if (baseOf.size !== deltas.length) throw badPack('a delta without its base');

  async function resolveBelow(waiting: Waiting[], type: ObjectType): Promise<void> {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { row, base, depth } = next;
      if (depth > limits.depth) throw badPack('deltas on too many others');
      baseOf.set(row, base);
      name(row, type, bytesOf(base), inflated(row));
      waiting.push(...childrenOf(row, depth));
      await turn();
    }
  }

  /** A large result is hashed in parts; where it is a base in turn, it is made again then. */
  function name(row: number, type: ObjectType, base: Buffer, delta: Buffer): void {
    const { result } = deltaHead(delta);
    const hash = createHash('sha1').update(objectHead(type, result));
    if (result > STREAMED_BYTES) streamDelta(base, delta, (part) => hash.update(part));
    else {
      const bytes = applyDelta(base, delta);
      hash.update(bytes);
      cache.set(row, bytes);
    }
    hash.digest().copy(rows.oids, row * 20);
  }

  /** Each is handed out once: what waits for a row or a name is taken out of the maps. */
  function childrenOf(row: number, depth: number): Waiting[] {
    const name = oidOf(rows, row).toString('hex');
    const found = [...(byRow.get(row) ?? []), ...(byName.get(name) ?? [])];
    byRow.delete(row);
    byName.delete(name);
    return found.map((delta) => ({ row: delta.row, base: row, depth: depth + 1 }));
  }

  function bytesOf(wanted: number): Buffer {
    const path: number[] = [];
    let row = wanted;
    let bytes = cache.get(row);
    while (!bytes) {
      const base = baseOf.get(row);
      if (base === undefined) {
        bytes = inflated(row);
        cache.set(row, bytes);
        break;
      }
      path.push(row);
      row = base;
      bytes = cache.get(row);
    }
    for (const each of path.toReversed()) {
      bytes = applyDelta(bytes, inflated(each));
      again += bytes.length;
      if (again > limits.inflatedBytes) throw tooLarge('the work to unpack its deltas');
      cache.set(each, bytes);
    }
    return bytes;
  }

  function inflated(row: number): Buffer {
    const head = entryHead(pack, rows.offsets[row] ?? 0, end);
    if (head.size > limits.deltaBytes) throw tooLarge(`a delta of an object of ${head.size} bytes`);
    return inflateEntry(pack, head, end).bytes;
  }
}

interface Waiting {
  readonly row: number;
  readonly base: number;
  readonly depth: number;
}

function add<Key>(map: Map<Key, Delta[]>, key: Key, delta: Delta): void {
  const found = map.get(key);
  if (found) found.push(delta);
  else map.set(key, [delta]);
}
