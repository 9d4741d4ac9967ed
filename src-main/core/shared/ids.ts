import { randomBytes } from 'node:crypto';

/** A new id: 9 characters of time (sortable until the year 5188), 12 of chance; lower case, safe in file names. */
export function newId(now: number = Date.now()): string {
  const time = now.toString(36).padStart(9, '0');
  const chance = BigInt(`0x${randomBytes(8).toString('hex')}`)
    .toString(36)
    .padStart(13, '0')
    .slice(-12);
  return `${time}${chance}`;
}
