import { crc32 } from 'node:zlib';
import { entryHead, packHead, REF_DELTA } from './entry.ts';
import type { NewPack } from './new-pack.ts';
import type { OpenPack } from './pack-reader.ts';
import { CHECKSUM_BYTES } from './scan-pack.ts';
import { storeDamaged } from './store-damaged.ts';

/** One object of a pack, by its row in the index. */
export interface PackedEntry {
  readonly row: number;
  readonly offset: number;
  /** Where the next one begins. */
  readonly end: number;
}

/** All entries of a pack in the order in which they lie in it. */
export function entriesOf(pack: OpenPack): readonly PackedEntry[] {
  const { index, bytes } = pack;
  const rows = Uint32Array.from({ length: index.count }, (_, row) => row).sort(
    (a, b) => index.offset(a) - index.offset(b),
  );
  const last = bytes.size - CHECKSUM_BYTES;
  return Array.from(rows, (row, n) => {
    const next = rows[n + 1];
    return { row, offset: index.offset(row), end: next === undefined ? last : index.offset(next) };
  });
}

/**
 * Copies entries of one pack (given with all its entries) as they are, without unpacking them. A base
 * that was told by its distance is told by its name, since distances change. Errors: `library/damaged`
 * where an entry is no longer what it was when its pack came.
 */
export function* copyEntries(
  pack: OpenPack,
  all: readonly PackedEntry[],
  isWanted: (oid: Buffer) => boolean,
  into: NewPack,
): Generator<void> {
  const { index, bytes } = pack;
  const rowAt = new Map(all.map(({ offset, row }) => [offset, row]));
  for (const { row, offset, end } of all) {
    const oid = index.oid(row);
    if (!isWanted(oid)) continue;
    const raw = bytes.at(offset, end - offset);
    if (crc32(raw) !== index.crc(row)) throw storeDamaged(oid.toString('hex'));
    const head = entryHead(bytes, offset, end);
    if (head.base.kind === 'offset') {
      const base = rowAt.get(head.base.offset);
      if (base === undefined) throw storeDamaged(oid.toString('hex'));
      const data = raw.subarray(head.data - offset);
      into.add(oid, packHead(REF_DELTA, head.size), index.oid(base), data);
    } else into.add(oid, raw);
    yield;
  }
}
