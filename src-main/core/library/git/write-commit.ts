import type { Author } from '../sync-jobs.ts';
import type { ObjectStore, Oid } from './object-store.ts';

/** Name and address of one person; longer ones are cut. */
const MAX_AUTHOR_CHARS = 200;

/** Who and when, as git writes it. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  /** Minutes behind UTC. */
  readonly timezoneOffset: number;
}

/** Everything of a commit but its tree and parents. */
export interface CommitText {
  readonly message: string;
  readonly author: Signature;
  readonly committer: Signature;
}

export function signatureOf(author: Author, now: number): Signature {
  return {
    name: oneLine(author.name) || 'Unknown',
    email: oneLine(author.email).replaceAll(/\s/g, '') || 'unknown@carrel.invalid',
    timestamp: Math.floor(now / 1000),
    timezoneOffset: new Date(now).getTimezoneOffset(),
  };
}

/** Writes a commit object; no ref moves. */
export async function writeCommit(
  store: ObjectStore,
  tree: Oid,
  parents: readonly Oid[],
  text: CommitText,
): Promise<Oid> {
  const { fs, gitdir } = store;
  return store.git.writeCommit({
    fs,
    gitdir,
    commit: {
      tree,
      parent: [...parents],
      message: `${text.message.replaceAll('\0', '').replaceAll(/\r\n?/g, '\n').trim()}\n`,
      author: signatureIn(text.author),
      committer: signatureIn(text.committer),
    },
  });
}

/** What a commit that was made here says besides its tree. */
export async function commitText(store: ObjectStore, oid: Oid): Promise<CommitText> {
  const { fs, gitdir, cache } = store;
  const { commit } = await store.git.readCommit({ fs, gitdir, cache, oid });
  return { message: commit.message, author: commit.author, committer: commit.committer };
}

/** Whatever comes in, a name can't end its line: a newline in it would become a header of its own. */
function signatureIn({ name, email, timestamp, timezoneOffset }: Signature): Signature {
  return { name: oneLine(name) || 'Unknown', email: oneLine(email), timestamp, timezoneOffset };
}

/** Without control characters and brackets, and without what git cuts off at both ends itself. */
function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}<>]/gu, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .slice(0, MAX_AUTHOR_CHARS)
    .replace(/^[\s.,:;"'\\]+/, '')
    .replace(/[\s.,:;"'\\]+$/, '');
}
