import { isAbsolute } from 'node:path';
import type { LibraryAccess } from '../../../../src-contract/library.ts';
import { CredentialStore } from '../credential-store.ts';
import { accessMismatch, badKeyFile, noAddress } from '../errors.ts';
import type { StoredAccess } from '../ports.ts';
import type { RemoteAccess, SshAccess } from '../remote-access.ts';
import { parseRemote, SSH_PORT, type Remote } from '../remote-url.ts';
import type { LibraryDeps } from './deps.ts';

/** How a remote is entered, without its secrets. */
export interface AccessShown {
  readonly kind: 'none' | 'password' | 'ssh';
  readonly username: string | null;
  readonly keyFile: string | null;
  readonly program: 'built-in' | 'system';
  /** A password, token or passphrase is kept. */
  readonly hasSecret: boolean;
}

type SshGiven = Extract<LibraryAccess, { kind: 'ssh' }>;

/** How remotes are entered: secrets come from the vault, go to the worker, and to nobody else. */
export class RemoteDoor {
  readonly #deps: LibraryDeps;
  readonly #kept: CredentialStore;

  constructor(deps: LibraryDeps) {
    this.#deps = deps;
    this.#kept = new CredentialStore(deps.secrets);
  }

  /** For a job. Credentials in the address come before kept ones. Null: a library without a remote. */
  async ofUrl(url: string | null): Promise<RemoteAccess> {
    return url === null ? this.#access(null, null) : this.of(parseRemote(url));
  }

  async of(remote: Remote): Promise<RemoteAccess> {
    const given = remote.kind === 'http' ? remote.credentials : null;
    return this.#access(await this.#kept.of(hostOf(remote)), given);
  }

  /** Keeps what an address brought along, once it let us in. */
  async keepGiven(remote: Remote): Promise<void> {
    const host = hostOf(remote);
    if (remote.kind !== 'http' || !remote.credentials || host === null) return;
    await this.#kept.keep(host, { kind: 'password', ...remote.credentials });
  }

  async show(url: string): Promise<AccessShown> {
    const remote = parseRemote(url);
    const kept = await this.#kept.of(hostOf(remote));
    const nothing = {
      username: null,
      keyFile: null,
      program: 'built-in',
      hasSecret: false,
    } as const;
    if (kept?.kind === 'password') {
      return { ...nothing, kind: 'password', username: kept.username, hasSecret: true };
    }
    if (kept?.kind === 'ssh') {
      const { keyFile, program, passphrase } = kept;
      return { ...nothing, kind: 'ssh', keyFile, program, hasSecret: passphrase !== null };
    }
    return { ...nothing, kind: remote.kind === 'ssh' ? 'ssh' : 'none' };
  }

  /** Errors: those of `parseRemote`; `library/access-mismatch`; `library/bad-key-file`. */
  async keep(url: string, access: LibraryAccess): Promise<void> {
    const remote = parseRemote(url);
    const host = hostOf(remote);
    switch (access.kind) {
      case 'none':
        if (host !== null) await this.#kept.forget(host);
        return;
      case 'password':
        if (remote.kind !== 'http' || host === null) throw accessMismatch(remote.url, 'ssh');
        await this.#kept.keep(host, access);
        return;
      case 'ssh':
        if (remote.kind !== 'ssh' || host === null) throw accessMismatch(remote.url, 'password');
        if (access.keyFile !== null && !isAbsolute(access.keyFile)) throw badKeyFile();
        await this.#kept.keep(host, {
          ...access,
          passphrase: await this.#passphrase(host, access),
        });
    }
  }

  /** One that isn't given stays as it is, as long as it is for the same key. */
  async #passphrase(host: string, { keyFile, passphrase }: SshGiven): Promise<string | null> {
    if (passphrase !== undefined) return passphrase;
    const before = await this.#kept.of(host);
    return before?.kind === 'ssh' && before.keyFile === keyFile ? before.passphrase : null;
  }

  /** What SSH takes of this machine, and of what is kept for a host. */
  ssh(kept: StoredAccess | null): SshAccess {
    const { machine, knownHosts } = this.#deps;
    const own = kept?.kind === 'ssh' ? kept : null;
    return {
      program: own?.program ?? 'built-in',
      keyFile: own?.keyFile ?? null,
      passphrase: own?.passphrase ?? null,
      agent: machine.sshAgent,
      userDir: machine.sshDir,
      knownHosts,
    };
  }

  #access(kept: StoredAccess | null, given: RemoteAccess['credentials']): RemoteAccess {
    const stored = kept?.kind === 'password' ? kept : null;
    const known = stored && { username: stored.username, password: stored.password };
    return {
      credentials: given ?? known,
      ssh: this.ssh(kept),
      accelerator: this.#deps.settings()['library.accelerator'],
    };
  }
}

/** The url a call is about: the given one, else that of this library. Errors: `library/no-address`. */
export function addressOf(given: string | undefined, own: string | null): string {
  const url = given ?? own;
  if (url === null) throw noAddress();
  return url;
}

/** Whether both addresses are entered the same way. */
export function isSameHost(one: string, other: string): boolean {
  return hostOf(parseRemote(one)) === hostOf(parseRemote(other));
}

/** What access is kept by; null for a path, which needs none. */
function hostOf(remote: Remote): string | null {
  switch (remote.kind) {
    case 'http':
      return new URL(remote.url).origin;
    case 'ssh':
      return `ssh://${remote.host}:${remote.port ?? SSH_PORT}`;
    case 'local':
      return null;
  }
}
