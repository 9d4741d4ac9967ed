import type { EncryptedDb } from '../../db/open.ts';
import type { RemoteSecrets } from './ports.ts';
import type { Credentials } from './remote-access.ts';

const KEY_PREFIX = 'library.credentials:';

/** Credentials of remotes in the encrypted store, one row per origin. */
export class StoredSecrets implements RemoteSecrets {
  readonly #db: EncryptedDb;

  constructor(db: EncryptedDb) {
    this.#db = db;
  }

  async get(origin: string): Promise<Credentials | null> {
    const row = this.#db
      .prepare<[string], { value: Buffer }>('SELECT value FROM kv WHERE key = ?')
      .get(KEY_PREFIX + origin);
    // Our own row of our own encrypted store.
    return row ? (JSON.parse(row.value.toString('utf8')) as Credentials) : null;
  }

  async put(origin: string, { username, password }: Credentials): Promise<void> {
    this.#db
      .prepare('INSERT OR REPLACE INTO kv (key, value) VALUES (?, ?)')
      .run(KEY_PREFIX + origin, Buffer.from(JSON.stringify({ username, password })));
  }
}
