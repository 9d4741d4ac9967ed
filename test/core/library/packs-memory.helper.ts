/** A process of its own, whose memory is only ours: takes packs by file, tells the outcome and the growth. */
import { createReadStream, readFileSync } from 'node:fs';
import { IncomingPack } from '../../../src-main/core/library/git/packs/incoming-pack.ts';

/** Most memory that this process ever had, bytes. */
function peak(): number {
  const text = readFileSync('/proc/self/status', 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(text)?.[1] ?? Number.NaN) * 1024;
}

process.on('message', (message: { gitdir: string; path: string }) => {
  void take(message).then((answer) => process.send?.(answer));
});

async function take({ gitdir, path }: { gitdir: string; path: string }) {
  const before = peak();
  const incoming = new IncomingPack(gitdir);
  let code = 'taken';
  try {
    for await (const part of createReadStream(path)) incoming.write(part as Buffer);
    await incoming.finish();
  } catch (error) {
    code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  } finally {
    incoming.discard();
  }
  return { code, grown: peak() - before };
}
