/** Who we are to one host. Never part of a `Remote`'s url, so never in a file, a log or an error. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** How SSH is spoken with one host. */
export interface SshAccess {
  /** `system`: the ssh program of this machine with its own configuration (ProxyJump, FIDO, certificates). */
  readonly program: 'built-in' | 'system';
  /** A private key; null for the agent, then the usual files of this person (`~/.ssh/id_…`). */
  readonly keyFile: string | null;
  /** Of the key file. From the vault. */
  readonly passphrase: string | null;
  /** `SSH_AUTH_SOCK`, or the named pipe of Windows' agent; null without one. */
  readonly agent: string | null;
  /** Folder with the usual key files and the person's `known_hosts` (`~/.ssh`). */
  readonly userDir: string;
  /** Carrel's own `known_hosts`: what was confirmed here. May not be there yet. */
  readonly knownHosts: string;
}

/** How a remote is entered, whatever its transport. Secrets travel to the worker in memory only. */
export interface RemoteAccess {
  readonly credentials: Credentials | null;
  readonly ssh: SshAccess;
  /** Fetch through native git where it is installed; what it fetched is verified the same. */
  readonly accelerator: boolean;
}
