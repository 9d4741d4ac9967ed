import type { RemoteSecrets } from './ports.ts';
import type { Credentials } from './remote-access.ts';

/** Credentials by origin: from the vault where there is one, else in memory until the engine ends. */
export class CredentialStore {
  readonly #secrets: RemoteSecrets | null;
  readonly #memory = new Map<string, Credentials>();

  constructor(secrets: RemoteSecrets | null) {
    this.#secrets = secrets;
  }

  /** Null for a path, and where nothing is known of the host. */
  async of(url: string): Promise<Credentials | null> {
    const origin = originOf(url);
    if (origin === null) return null;
    return this.#memory.get(origin) ?? (await this.#secrets?.get(origin)) ?? null;
  }

  async keep(url: string, credentials: Credentials): Promise<void> {
    const origin = originOf(url);
    if (origin === null) return;
    this.#memory.set(origin, credentials);
    await this.#secrets?.put(origin, credentials);
  }
}

function originOf(url: string): string | null {
  return /^https?:\/\//.test(url) ? new URL(url).origin : null;
}
