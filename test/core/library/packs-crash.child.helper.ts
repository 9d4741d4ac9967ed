import { deflateSync } from 'node:zlib';
import { consolidate } from '../../../src-main/core/library/git/packs/consolidate.ts';
import { looseBlob, takePack } from '../../helpers/pack-store.helper.ts';
import { appending, blob, header, oidOfBlob, pack, refDelta } from '../../helpers/packs.helper.ts';
import { content } from './packs-crash.helper.ts';

/** Takes packs and puts them together without end, until somebody kills it. Tells what is durable. */
const [gitdir = '', from = '0'] = process.argv.slice(2);

for (let n = Number(from); ; n += 1) {
  const bytes = content(n);
  const tail = Buffer.from(`${n} again`);
  await takePack(
    gitdir,
    pack([blob(bytes), refDelta(appending(bytes.length, tail), oidOfBlob(bytes)), tree(n)]),
  );
  for (let file = 0; file < 60; file += 1) looseBlob(gitdir, Buffer.from(`loose ${n} ${file}`));
  process.send?.(n);
  await consolidate(gitdir);
  // Lets the message out.
  await new Promise((resolve) => setImmediate(resolve));
}

/** A folder with the blob, so that packs hold more than one kind. */
function tree(n: number): Buffer {
  const entry = Buffer.concat([Buffer.from('100644 a\0'), oidOfBlob(content(n))]);
  return Buffer.concat([header(2, entry.length), deflateSync(entry)]);
}
