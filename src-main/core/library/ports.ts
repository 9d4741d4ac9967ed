import type { Settings } from '../../../src-contract/settings.ts';

/** How a host is entered, as it is kept: a password or token over http, a key over SSH. */
export type StoredAccess =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  | {
      readonly kind: 'ssh';
      /** Path of a private key; null for the agent and the usual files. */
      readonly keyFile: string | null;
      readonly passphrase: string | null;
      readonly program: 'built-in' | 'system';
    };

/**
 * Where the access to remotes is kept: the vault. Keyed by what is entered, never by path:
 * `https://host:port`, `ssh://host:port`.
 */
export interface RemoteSecrets {
  get(host: string): Promise<StoredAccess | null>;
  put(host: string, access: StoredAccess): Promise<void>;
  remove(host: string): Promise<void>;
}

/** The settings that the library follows, as they are now. */
export type LibrarySettings = Pick<
  Settings,
  | 'library.accelerator'
  | 'library.authorEmail'
  | 'library.authorName'
  | 'library.checkMinutes'
  | 'library.updates'
>;

/** What the library takes from the account and machine that it runs on. */
export interface LibraryMachine {
  readonly username: string;
  readonly hostname: string;
  /** Folder with the person's own SSH keys and `known_hosts`. */
  readonly sshDir: string;
  /** `SSH_AUTH_SOCK`, or the named pipe of Windows' agent; null without one. */
  readonly sshAgent: string | null;
}
