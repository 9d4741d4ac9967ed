import type { EncryptedDb } from '../../db/open.ts';
import type { RemoteSecrets, StoredAccess } from './ports.ts';

const KEY_PREFIX = 'library.credentials:';

/** Access to remotes in the encrypted store, one row per host. */
export class StoredSecrets implements RemoteSecrets {
  readonly #db: EncryptedDb;

  constructor(db: EncryptedDb) {
    this.#db = db;
  }

  async get(host: string): Promise<StoredAccess | null> {
    const row = this.#db
      .prepare<[string], { value: Buffer }>('SELECT value FROM kv WHERE key = ?')
      .get(KEY_PREFIX + host);
    if (!row) return null;
    // Our own row of our own encrypted store; the oldest hold passwords and have no kind.
    const stored = JSON.parse(row.value.toString('utf8')) as Partial<StoredAccess>;
    return { kind: 'password', ...stored } as StoredAccess;
  }

  async put(host: string, access: StoredAccess): Promise<void> {
    this.#db
      .prepare('INSERT OR REPLACE INTO kv (key, value) VALUES (?, ?)')
      .run(KEY_PREFIX + host, Buffer.from(JSON.stringify(access)));
  }

  async remove(host: string): Promise<void> {
    this.#db.prepare('DELETE FROM kv WHERE key = ?').run(KEY_PREFIX + host);
  }
}
