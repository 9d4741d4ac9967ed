import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchTip, remoteTip } from '../../../src-main/core/library/git/fetch-tip.ts';
import { walkNewPart } from '../../../src-main/core/library/git/connectivity.ts';
import { ObjectStore, TRUSTED } from '../../../src-main/core/library/git/object-store.ts';
import { consolidate } from '../../../src-main/core/library/git/packs/consolidate.ts';
import { PackReader } from '../../../src-main/core/library/git/packs/pack-reader.ts';
import { openTransport } from '../../../src-main/core/library/git/transports/open-transport.ts';
import { parseRemote } from '../../../src-main/core/library/remote-url.ts';
import { access, idle } from '../../helpers/git-client.ts';
import { git, gitIn } from '../../helpers/git-repo.ts';
import { allObjects, judge, packFiles } from '../../helpers/pack-store.helper.ts';

export interface Syncs {
  readonly syncs: number;
  /** Of these, how many also wrote a commit of their own, as loose objects. */
  readonly commits: number;
  readonly mostPacks: number;
  readonly packsInTheEnd: number;
  readonly looseInTheEnd: number;
  readonly objects: number;
  readonly milliseconds: number;
}

/** A remote with so many versions, each of one changed file, by commit id, the oldest first. */
function remoteWith(root: string, versions: number): { bare: string; commits: readonly string[] } {
  const bare = join(root, 'team.git');
  git(root, 'init', '-q', '--bare', '--initial-branch=main', bare);
  const stream = Array.from({ length: versions }, (_, n) => {
    const text = `version ${n}\n${'a line that stays\n'.repeat(30)}`;
    const who = `committer Ada <ada@example.invalid> ${1_700_000_000 + n} +0000`;
    const file = `M 644 inline d${n % 9}/f${n % 40}.md\ndata ${text.length}\n${text}\n`;
    return `commit refs/heads/main\n${who}\ndata 1\nx\n${file}`;
  });
  gitIn(bare, stream.join(''), 'fast-import', '--quiet');
  return { bare, commits: git(bare, 'rev-list', '--reverse', 'refs/heads/main').split('\n') };
}

/**
 * So many syncs one after the other, through the real transport: each fetches the next version, walks
 * and trusts it; each third writes a commit of its own on top. In the end native git judges, and a
 * reader that listed the packs long ago reads everything.
 */
export async function syncs(root: string, count: number): Promise<Syncs> {
  const { bare, commits } = remoteWith(root, count);
  const gitdir = join(root, 'library');
  git(root, 'init', '-q', '--bare', '--initial-branch=main', gitdir);
  const stale = new PackReader(gitdir);
  const began = performance.now();
  let trusted: string | null = null;
  let mostPacks = 0;
  let own = 0;
  for (const [n, commit] of commits.entries()) {
    writeFileSync(join(bare, 'refs', 'heads', 'main'), `${commit}\n`);
    const store = await ObjectStore.open(gitdir);
    const transport = openTransport(parseRemote(bare), access(), idle);
    const tip = await remoteTip(store, transport, 'main');
    await fetchTip(store, transport, tip);
    await walkNewPart(store, tip.oid, trusted, () => undefined);
    await store.moveRef(TRUSTED, tip.oid);
    trusted = tip.oid;
    if (n % 3 === 0) {
      await ownCommit(store, tip.oid, n);
      own += 1;
    }
    transport.close();
    await consolidate(gitdir);
    mostPacks = Math.max(mostPacks, packFiles(gitdir).length);
  }
  const milliseconds = Math.round(performance.now() - began);
  judge(gitdir);
  const all = allObjects(gitdir);
  for (const [oid = '', type, size] of all.map((each) => each.split(' '))) {
    const found = stale.read(oid);
    if (found?.type !== type || String(found?.bytes.length) !== size)
      throw new Error(`lost ${oid}`);
  }
  return {
    syncs: count,
    commits: own,
    mostPacks,
    packsInTheEnd: packFiles(gitdir).length,
    looseInTheEnd: Number(/^(\d+) objects/.exec(git(gitdir, 'count-objects'))?.[1]),
    objects: all.length,
    milliseconds,
  };
}

async function ownCommit(store: ObjectStore, parent: string, n: number): Promise<void> {
  const { fs, gitdir } = store;
  const blob = await store.git.writeBlob({ fs, gitdir, blob: Buffer.from(`own ${n}`) });
  const entry = { mode: '100644', path: 'own.md', oid: blob, type: 'blob' } as const;
  const tree = await store.git.writeTree({ fs, gitdir, tree: [entry] });
  const author = { name: 'Ada', email: 'ada@example.invalid', timestamp: n, timezoneOffset: 0 };
  const commit = { message: 'Own\n', tree, parent: [parent], author, committer: author };
  const oid = await store.git.writeCommit({ fs, gitdir, commit });
  await store.moveRef('refs/app/local', oid);
}
