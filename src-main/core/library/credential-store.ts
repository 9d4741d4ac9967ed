import type { RemoteSecrets, StoredAccess } from './ports.ts';

/** How hosts are entered: from the vault where there is one, else in memory until the engine ends. */
export class CredentialStore {
  readonly #secrets: RemoteSecrets | null;
  readonly #memory = new Map<string, StoredAccess>();

  constructor(secrets: RemoteSecrets | null) {
    this.#secrets = secrets;
  }

  /** Null for a path (`host` is null), and where nothing is known of the host. */
  async of(host: string | null): Promise<StoredAccess | null> {
    if (host === null) return null;
    return this.#memory.get(host) ?? (await this.#secrets?.get(host)) ?? null;
  }

  async keep(host: string, access: StoredAccess): Promise<void> {
    await this.#secrets?.put(host, access);
    this.#memory.set(host, access);
  }

  async forget(host: string): Promise<void> {
    await this.#secrets?.remove(host);
    this.#memory.delete(host);
  }
}
