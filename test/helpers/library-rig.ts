import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fsckStrict } from './git-fsck.ts';
import { git, gitIn, TeamRepo } from './git-repo.ts';
import { LibraryClient } from './library-rig-client.ts';
import { Ledger, type Account } from './library-rig-ledger.ts';
import { quickDir, skipSyncs } from './library-rig-quick.ts';

export type Files = Readonly<Record<string, string | Buffer | null>>;

/** Persons with a library each, their one remote, and a ledger of all bytes that they ever wrote. */
export class LibraryRig {
  readonly root: string;
  /** The remote. */
  readonly bare: string;
  readonly ledger = new Ledger();
  readonly clients: readonly LibraryClient[];
  readonly #remove: () => void;
  #team: TeamRepo | null = null;

  private constructor(names: readonly string[]) {
    const { path, remove } = quickDir();
    this.root = path;
    this.#remove = remove;
    this.bare = join(path, 'team.git');
    git(path, 'init', '-q', '--bare', '--initial-branch=main', this.bare);
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
    url: (rig: LibraryRig) => string = (rig) => rig.bare,
  ): Promise<LibraryRig> {
    await skipSyncs();
    const rig = new LibraryRig(names);
    rig.push(files, 'First version');
    for (const client of rig.clients) await client.connect(url(rig));
    return rig;
  }

  client(n: number): LibraryClient {
    const client = this.clients[n];
    if (!client) throw new Error(`no client ${n}`);
    return client;
  }

  /** A work tree of another git program, made when it is first asked for, of the remote as it is then. */
  get team(): TeamRepo {
    if (this.#team) return this.#team;
    const team = new TeamRepo(this.root);
    this.#team = team;
    if (this.#tip() !== null) {
      git(team.work, 'fetch', '-q', 'origin');
      git(team.work, 'reset', '-q', '--hard', 'origin/main');
    }
    return team;
  }

  /** Another git client changes files on top of what the remote has; null deletes. Returns the commit. */
  push(files: Files, message = 'By the team'): string {
    gitIn(
      this.bare,
      importStream(files, message, this.#tip() !== null),
      'fast-import',
      '--quiet',
      '--date-format=raw',
    );
    return this.tip();
  }

  tip(): string {
    return this.#tip() ?? git(this.bare, 'rev-parse', 'refs/heads/main');
  }

  /** Read as a file: as good as git's own answer, and much quicker. */
  #tip(): string | null {
    const at = join(this.bare, 'refs', 'heads', 'main');
    return existsSync(at) ? readFileSync(at, 'utf8').trim() : null;
  }

  /** Git's hash of each file of the remote's version, by path. */
  files(): ReadonlyMap<string, string> {
    const lines = git(this.bare, 'ls-tree', '-r', '-z', 'refs/heads/main').split('\0');
    return new Map(
      lines.flatMap((line) => {
        const [, oid = '', path = ''] = /^\d+ blob ([0-9a-f]{40})\t([^]*)$/.exec(line) ?? [];
        return path === '' ? [] : [[path, oid] as const];
      }),
    );
  }

  /** Messages of the remote's versions, newest first, without what git cuts off. */
  messages(): readonly string[] {
    return git(this.bare, 'log', '--format=%s', 'refs/heads/main').split('\n');
  }

  /** Commits of the remote's branch, newest first. */
  versions(): readonly string[] {
    return git(this.bare, 'rev-list', 'refs/heads/main').split('\n');
  }

  /** The bytes of a file in a version of the remote. */
  show(path: string, version = 'refs/heads/main'): string {
    return git(this.bare, 'cat-file', 'blob', `${version}:${path}`);
  }

  /** The remote can't be reached while `work` runs. */
  async away<T>(work: () => Promise<T>): Promise<T> {
    const elsewhere = `${this.bare}.away`;
    renameSync(this.bare, elsewhere);
    try {
      return await work();
    } finally {
      renameSync(elsewhere, this.bare);
    }
  }

  /** Every byte version that was ever written is found again, and native git accepts all of it. */
  account(): Account {
    for (const { dirs } of this.clients) if (existsSync(dirs.library)) fsckStrict(dirs.library);
    fsckStrict(this.bare);
    return this.ledger.account(this.clients, this.bare);
  }

  close(): void {
    this.#remove();
  }
}

/** A commit as `git fast-import` reads it: one process instead of twenty. */
function importStream(files: Files, message: string, hasParent: boolean): Buffer {
  const data = (bytes: Buffer): Buffer[] => [
    Buffer.from(`data ${bytes.length}\n`),
    bytes,
    Buffer.from('\n'),
  ];
  const changes = Object.entries(files).flatMap(([path, content]) => {
    const name = `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
    if (content === null) return [Buffer.from(`D ${name}\n`)];
    return [Buffer.from(`M 100644 inline ${name}\n`), ...data(Buffer.from(content))];
  });
  return Buffer.concat([
    Buffer.from('commit refs/heads/main\ncommitter Ada <ada@example.invalid> 1772300000 +0000\n'),
    ...data(Buffer.from(message)),
    Buffer.from(hasParent ? 'from refs/heads/main^0\n' : ''),
    ...changes,
  ]);
}
