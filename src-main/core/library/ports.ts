import type { Credentials } from './remote-access.ts';

/** Where the credentials of remotes are kept: the vault. Keyed by origin (`https://host:port`), never by path. */
export interface RemoteSecrets {
  get(origin: string): Promise<Credentials | null>;
  put(origin: string, credentials: Credentials): Promise<void>;
}
