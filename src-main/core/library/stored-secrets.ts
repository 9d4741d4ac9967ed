import { z } from 'zod';
import { lazy } from '../../../src-contract/lazy.ts';
import type { EncryptedDb } from '../../db/open.ts';
import type { RemoteSecrets } from './ports.ts';
import type { Credentials } from './remote-url.ts';

const KEY_PREFIX = 'library.credentials:';

const stored = lazy(() => z.object({ username: z.string(), password: z.string() }));

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
    return row ? stored().parse(JSON.parse(row.value.toString('utf8'))) : null;
  }

  async put(origin: string, { username, password }: Credentials): Promise<void> {
    this.#db
      .prepare('INSERT OR REPLACE INTO kv (key, value) VALUES (?, ?)')
      .run(KEY_PREFIX + origin, Buffer.from(JSON.stringify({ username, password })));
  }
}
