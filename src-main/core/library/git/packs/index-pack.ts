import { badPack, tooLarge } from '../../errors.ts';
import { PackBytes } from './pack-bytes.ts';
import { buildIndex, MAX_PACK_BYTES } from './pack-index.ts';
import { PACK_LIMITS, type PackLimits } from './pack-limits.ts';
import { resolveDeltas } from './resolve-deltas.ts';
import { scanPack } from './scan-pack.ts';

/**
 * Checks a pack that nobody has looked at yet and makes its index: signature, number of objects, each
 * object and all together within their limits, sizes that deltas claim, every delta's base in the pack,
 * the real name of each object, none twice. `checksum` is the pack's own and was compared already.
 * Grows memory by less than 100 MB whatever is in the pack.
 *
 * Errors: `library/bad-pack`, `library/too-large`.
 */
export async function indexPack(
  path: string,
  checksum: Buffer,
  limits: PackLimits = PACK_LIMITS,
): Promise<{ readonly count: number; readonly index: Buffer }> {
  const pack = new PackBytes(path);
  if (pack.size > MAX_PACK_BYTES) throw tooLarge(`a pack of ${pack.size} bytes`);
  const scanned = await scanPack(pack, limits);
  await resolveDeltas(pack, scanned, limits);
  const index = buildIndex(scanned.rows, checksum);
  if (!index) throw badPack('an object twice');
  return { count: scanned.rows.offsets.length, index };
}
