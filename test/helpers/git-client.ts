import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RemoteAccess, SshAccess } from '../../src-main/core/library/remote-access.ts';
import { parseRemote } from '../../src-main/core/library/remote-url.ts';
import { fetchTip, remoteTip } from '../../src-main/core/library/git/fetch-tip.ts';
import { ObjectStore } from '../../src-main/core/library/git/object-store.ts';
import { openTransport } from '../../src-main/core/library/git/transports/open-transport.ts';
import type {
  Transport,
  TransportOptions,
} from '../../src-main/core/library/git/transports/transport.ts';
import { git, gitIn } from './git-repo.ts';

export const idle: TransportOptions = {
  signal: new AbortController().signal,
  onBytes: () => undefined,
};

export function sshAccess(given: Partial<SshAccess>): SshAccess {
  return {
    program: 'built-in',
    keyFile: null,
    passphrase: null,
    agent: null,
    userDir: '/nonexistent',
    knownHosts: '/nonexistent/known_hosts',
    ...given,
  };
}

export function access(given: Partial<RemoteAccess> = {}): RemoteAccess {
  return { credentials: null, ssh: sshAccess({}), accelerator: false, ...given };
}

/** A private git directory that talks to remotes through Carrel's transports and isomorphic-git only. */
export class GitClient {
  readonly gitdir: string;
  readonly store: ObjectStore;

  private constructor(gitdir: string, store: ObjectStore) {
    this.gitdir = gitdir;
    this.store = store;
  }

  static async create(root: string, name = 'client.git'): Promise<GitClient> {
    const gitdir = join(root, name);
    git(root, 'init', '-q', '--bare', '--initial-branch=main', gitdir);
    git(gitdir, 'config', 'remote.origin.url', 'http://remote.invalid/x');
    git(gitdir, 'config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*');
    return new GitClient(gitdir, await ObjectStore.open(gitdir));
  }

  /** Fetches the default branch and puts the local branch on it. Returns its commit. */
  async fetch(transport: Transport): Promise<string> {
    const tip = await remoteTip(this.store, transport, null);
    await fetchTip(this.store, transport, tip);
    await this.store.moveRef('refs/app/trusted', tip.oid);
    git(this.gitdir, 'update-ref', 'refs/heads/main', tip.oid);
    return tip.oid;
  }

  /** One commit with one more file on the local branch. Returns its id. */
  commit(path: string, content: string | Buffer): string {
    const blob = gitIn(this.gitdir, content, 'hash-object', '-w', '--stdin');
    const has = existsSync(join(this.gitdir, 'refs', 'heads', 'main'));
    const old = has ? `${git(this.gitdir, 'ls-tree', 'main')}\n` : '';
    const tree = gitIn(this.gitdir, `${old}100644 blob ${blob}\t${path}\n`, 'mktree');
    const parent = has ? ['-p', 'main'] : [];
    const commit = git(this.gitdir, 'commit-tree', tree, ...parent, '-m', `Adds ${path}`);
    git(this.gitdir, 'update-ref', 'refs/heads/main', commit);
    return commit;
  }

  async push(
    transport: Transport,
    { remoteRef = 'refs/heads/main', force = false } = {},
  ): Promise<void> {
    const { fs, gitdir } = this.store;
    await this.store.git.push({
      fs,
      gitdir,
      cache: {},
      http: transport,
      url: transport.wireUrl,
      ref: 'refs/heads/main',
      remoteRef,
      remote: 'origin',
      force,
    });
  }

  /** Opens a transport, uses it, closes it. */
  static async over<T>(
    url: string,
    how: RemoteAccess,
    use: (transport: Transport) => Promise<T>,
    options: TransportOptions = idle,
  ): Promise<T> {
    const transport = openTransport(parseRemote(url), how, options);
    try {
      return await use(transport);
    } finally {
      transport.close();
    }
  }

  /** Native git's own judgement of what was written here. Throws with its output where it complains. */
  fsck(): void {
    fsckRepo(this.gitdir);
  }
}

export function fsckRepo(gitdir: string): void {
  git(gitdir, '--git-dir=.', 'fsck', '--strict', '--full', '--no-dangling');
}

/** Refs of a repository as native git lists them. */
export function refsOf(gitdir: string): string {
  return git(gitdir, '--git-dir=.', 'for-each-ref');
}
