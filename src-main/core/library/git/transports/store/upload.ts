import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { badPack, tooLarge } from '../../../errors.ts';
import { packetLine } from '../transport.ts';
import type { Objects } from './objects.ts';
import { wholeHead } from './pack-entry.ts';
import { banded, readLines } from './packet-lines.ts';
import type { Refs } from './refs.ts';
import { Walk, type FoundObject } from './walk.ts';

/**
 * Answers one request of a fetch (gitprotocol-pack): which of the offered versions are common, and,
 * once the asker is done, a pack of what it lacks. Without deltas: this machine sends it to itself.
 *
 * Errors: `library/bad-pack` (a request that isn't one), `library/incomplete`, `library/too-large`.
 */
export async function upload(
  objects: Objects,
  refs: Refs,
  request: Buffer,
  limits: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<Buffer> {
  const { lines } = readLines(request, false);
  const wants = lines.flatMap((line) => /^want ([0-9a-f]{40})/.exec(line ?? '')?.[1] ?? []);
  const abilities = lines[0]?.split(' ') ?? [];
  const tips = new Set([...refs.byName.values(), refs.headOid]);
  const foreign = wants.find((oid) => !tips.has(oid));
  if (wants.length === 0 || foreign !== undefined) throw badPack('a request for no version');
  if (lines.some((line) => /^(?:shallow|deepen|filter) /.test(line ?? ''))) {
    throw badPack('a request for a part of the history');
  }
  const answer: Buffer[] = [];
  const common: string[] = [];
  for (const line of lines.slice(lines.indexOf(null) + 1)) {
    const have = /^have ([0-9a-f]{40})$/.exec(line ?? '')?.[1];
    if (have !== undefined && objects.has(have)) {
      if (common.length === 0) answer.push(packetLine(`ACK ${have}\n`));
      common.push(have);
    } else if (line === null && common.length === 0) answer.push(packetLine('NAK\n'));
    else if (line === 'done') {
      if (common.length === 0) answer.push(packetLine('NAK\n'));
      const found = new Walk(objects, limits.signal).lacking(wants, common);
      const pack = await packOf(found, limits.maxBytes);
      answer.push(banded(pack, abilities.includes('side-band-64k')));
    }
  }
  return Buffer.concat(answer);
}

async function packOf(found: AsyncIterable<FoundObject>, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let count = 0;
  let bytes = 0;
  for await (const { type, data } of found) {
    const entry = Buffer.concat([wholeHead(type, data.length), deflateSync(data)]);
    bytes += entry.length;
    if (bytes > maxBytes) throw tooLarge('bytes in one answer');
    count += 1;
    parts.push(entry);
  }
  const head = Buffer.alloc(12);
  head.write('PACK', 'latin1');
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(count, 8);
  const sum = createHash('sha1').update(head);
  for (const part of parts) sum.update(part);
  return Buffer.concat([head, ...parts, sum.digest()]);
}
