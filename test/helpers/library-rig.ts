import { existsSync, renameSync } from 'node:fs';
import { fsckStrict } from './git-fsck.ts';
import { git, TeamRepo, tempDir } from './git-repo.ts';
import { LibraryClient } from './library-rig-client.ts';
import { Ledger, type Account } from './library-rig-ledger.ts';
import { skipSyncs } from './library-rig-sync.ts';

export type Files = Readonly<Record<string, string | Buffer | null>>;

/** Persons with a library each, their one remote, and a ledger of all bytes that they ever wrote. */
export class LibraryRig {
  readonly root: string;
  readonly team: TeamRepo;
  readonly ledger = new Ledger();
  readonly clients: readonly LibraryClient[];
  readonly #remove: () => void;

  private constructor(names: readonly string[]) {
    const { path, remove } = tempDir();
    this.root = path;
    this.#remove = remove;
    this.team = new TeamRepo(path);
    this.clients = names.map((name) => new LibraryClient(name, path, this.ledger));
  }

  /** Not connected yet: the remote has no version. */
  static empty(names: readonly string[] = ['ada', 'ben']): LibraryRig {
    return new LibraryRig(names);
  }

  /** The remote has these files, and every client has cloned it by its path, or by `url`. */
  static async connected(
    files: Files,
    names: readonly string[] = ['ada', 'ben'],
    url: (rig: LibraryRig) => string = (rig) => rig.team.bare,
  ): Promise<LibraryRig> {
    await skipSyncs();
    const rig = new LibraryRig(names);
    rig.team.commit(files, 'First version');
    for (const client of rig.clients) await client.connect(url(rig));
    return rig;
  }

  client(n: number): LibraryClient {
    const client = this.clients[n];
    if (!client) throw new Error(`no client ${n}`);
    return client;
  }

  /** Another git client changes files on top of what the remote has. Returns the commit. */
  push(files: Files, message = 'By the team'): string {
    git(this.team.work, 'fetch', '-q', 'origin');
    git(this.team.work, 'reset', '-q', '--hard', 'origin/main');
    // Empty folders too: a file may come in their place.
    git(this.team.work, 'clean', '-q', '-f', '-d');
    return this.team.commit(files, message);
  }

  tip(): string {
    return git(this.team.bare, 'rev-parse', 'refs/heads/main');
  }

  /** Git's hash of each file of the remote's version, by path. */
  files(): ReadonlyMap<string, string> {
    const lines = git(this.team.bare, 'ls-tree', '-r', '-z', 'refs/heads/main').split('\0');
    return new Map(
      lines.flatMap((line) => {
        const [, oid = '', path = ''] = /^\d+ blob ([0-9a-f]{40})\t([^]*)$/.exec(line) ?? [];
        return path === '' ? [] : [[path, oid] as const];
      }),
    );
  }

  /** Messages of the remote's versions, newest first, without what git cuts off. */
  messages(): readonly string[] {
    return git(this.team.bare, 'log', '--format=%s', 'refs/heads/main').split('\n');
  }

  /** The bytes of a file in a version of the remote. */
  show(path: string, version = 'refs/heads/main'): string {
    return git(this.team.bare, 'cat-file', 'blob', `${version}:${path}`);
  }

  /** The remote can't be reached while `work` runs. */
  async away<T>(work: () => Promise<T>): Promise<T> {
    const elsewhere = `${this.team.bare}.away`;
    renameSync(this.team.bare, elsewhere);
    try {
      return await work();
    } finally {
      renameSync(elsewhere, this.team.bare);
    }
  }

  /** Every byte version that was ever written is found again, and native git accepts all of it. */
  account(): Account {
    for (const { dirs } of this.clients) if (existsSync(dirs.library)) fsckStrict(dirs.library);
    fsckStrict(this.team.bare);
    return this.ledger.account(this.clients, this.team.bare);
  }

  close(): void {
    this.#remove();
  }
}
