import { createHash } from 'node:crypto';
import { badPack } from '../errors.ts';

export interface Commit {
  readonly tree: string;
  readonly parents: readonly string[];
  /** Name only, printable. */
  readonly author: string;
  /** Committer's time, milliseconds since 1970. */
  readonly at: number;
  /** First line, printable. */
  readonly message: string;
}

export interface TreeEntry {
  readonly mode: string;
  /** Null where the name is not valid UTF-8. */
  readonly name: string | null;
  /** The name with escapes, for messages. */
  readonly shown: string;
  /** The name as it is in the tree. */
  readonly raw: Buffer;
  readonly oid: string;
}

/** Longest text of a commit that is shown in a list. */
const MAX_SHOWN_CHARS = 300;

/** Reads what is needed of a raw commit. Errors: `library/bad-pack`. */
export function parseCommit(bytes: Buffer): Commit {
  const text = bytes.toString('utf8');
  const end = text.indexOf('\n\n');
  const head = (end < 0 ? text : text.slice(0, end)).split('\n');
  const tree = /^tree ([0-9a-f]{40})$/.exec(head[0] ?? '')?.[1];
  if (!tree) throw badPack('a broken commit');
  const parents = head.flatMap((line) => /^parent ([0-9a-f]{40})$/.exec(line)?.[1] ?? []);
  const author = head.find((line) => line.startsWith('author '))?.slice(7) ?? '';
  const committer = head.find((line) => line.startsWith('committer ')) ?? '';
  const seconds = Number(/ (\d{1,12}) [+-]\d{4}$/.exec(committer)?.[1] ?? 0);
  return {
    tree,
    parents,
    author: printable(author.replace(/ ?<[^<>]*> \d+ [+-]\d{4}$/, '')),
    at: seconds * 1000,
    message: printable(
      end < 0
        ? ''
        : (text
            .slice(end + 2)
            .trimStart()
            .split('\n')[0] ?? ''),
    ),
  };
}

/** Reads a raw tree: `mode SP name NUL sha1`, repeated. Errors: `library/bad-pack`. */
export function parseTree(bytes: Buffer): readonly TreeEntry[] {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const entries: TreeEntry[] = [];
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(32, at);
    const nul = space < 0 ? -1 : bytes.indexOf(0, space);
    if (nul < 0 || nul + 21 > bytes.length) throw badPack('a broken folder');
    const raw = bytes.subarray(space + 1, nul);
    let name: string | null = null;
    try {
      name = utf8.decode(raw);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    entries.push({
      mode: bytes.toString('latin1', at, space),
      name,
      shown: printable(raw.toString(name === null ? 'latin1' : 'utf8')),
      raw,
      oid: bytes.toString('hex', nul + 1, nul + 21),
    });
    at = nul + 21;
  }
  return entries;
}

/** Id of a blob with these bytes. */
export function blobOid(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex');
}

/** Text of a stranger for one line of a list: no control characters, no bidirectional tricks. */
function printable(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\u{fffd}')
    .slice(0, MAX_SHOWN_CHARS);
}
