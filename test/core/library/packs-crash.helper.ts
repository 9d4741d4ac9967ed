import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { consolidate } from '../../../src-main/core/library/git/packs/consolidate.ts';
import { PackReader } from '../../../src-main/core/library/git/packs/pack-reader.ts';
import { gitPlaces } from '../../../src-main/core/library/git/places.ts';
import { judge, packFiles } from '../../helpers/pack-store.helper.ts';
import { oidOfBlob } from '../../helpers/packs.helper.ts';

/** Bytes that hardly compress, the same for the same number. */
export function content(n: number): Buffer {
  const parts = Array.from({ length: 400 }, (_, part) =>
    createHash('sha512').update(`${n} ${part}`).digest(),
  );
  return Buffer.concat(parts);
}

export interface Crashes {
  /** Packs that were durable before a kill. */
  taken: number;
  /** Kills that left a half-written file, half a pack, or more packs than one would be left with. */
  inTheMiddle: number;
  objectsRead: number;
}

/**
 * Kills (SIGKILL) a process that takes and consolidates packs, `times` times, each after a chance
 * time; after each, native git judges what is there and all that was durable is read again.
 */
export async function crashes(
  gitdir: string,
  times: number,
  random: () => number,
): Promise<Crashes> {
  const counts: Crashes = { taken: 0, inTheMiddle: 0, objectsRead: 0 };
  let next = 0;
  for (let round = 0; round < times; round += 1) {
    const args = [gitdir, String(next)];
    const child = fork(join(import.meta.dirname, 'packs-crash.child.helper.ts'), args);
    const dead = once(child, 'exit');
    const first = next;
    const stopAfter = 1 + Math.floor(random() * 12);
    child.on('message', (n: number) => {
      next = n + 1;
      if (next - first === stopAfter) setTimeout(() => child.kill('SIGKILL'), random() * 15);
    });
    await dead;
    judge(gitdir);
    const halves = packFiles(gitdir, 'pack').length !== packFiles(gitdir).length;
    const started = rmLeft(gitdir);
    if (halves || started) counts.inTheMiddle += 1;
    const reader = new PackReader(gitdir);
    for (let n = 0; n < next; n += 1) {
      const found = reader.read(oidOfBlob(content(n)).toString('hex'));
      if (!found?.bytes.equals(content(n))) throw new Error(`lost ${n}`);
      counts.objectsRead += 1;
    }
    await consolidate(gitdir);
    judge(gitdir);
  }
  counts.taken = next;
  return counts;
}

/** What the start of the engine removes; true where there was something. */
function rmLeft(gitdir: string): boolean {
  const { tmp } = gitPlaces(gitdir);
  const was = readdirOrNone(tmp).length > 0;
  rmSync(tmp, { recursive: true, force: true });
  return was;
}

function readdirOrNone(dir: string): string[] {
  return existsSync(dir) ? readdirSync(dir) : [];
}
