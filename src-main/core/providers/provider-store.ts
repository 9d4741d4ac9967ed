import type { Provider } from '../../../src-contract/providers.ts';
import type { ErrorShape } from '../../../src-contract/app-error.ts';
import type { EncryptedDb } from '../../db/open.ts';

/** A provider as it is stored, with its key. */
export interface StoredProvider {
  readonly id: string;
  readonly baseUrl: string;
  readonly key: string | null;
  readonly models: readonly string[];
  /** The models were named by a person: a test leaves them alone. */
  readonly modelsGiven: boolean;
  readonly state: Provider['state'];
  readonly error: ErrorShape | null;
  readonly testMs: number | null;
}

interface Row {
  readonly id: string;
  readonly base_url: string;
  readonly key: string | null;
  readonly models: string;
  readonly models_given: number;
  readonly state: Provider['state'];
  readonly error: string | null;
  readonly test_ms: number | null;
}

/** Providers in the store. The only place that reads or writes keys. */
export class ProviderStore {
  readonly #db: EncryptedDb;

  constructor(db: EncryptedDb) {
    this.#db = db;
  }

  list(): StoredProvider[] {
    const rows = this.#db.prepare<[], Row>('SELECT * FROM providers ORDER BY id').all();
    return rows.map(toProvider);
  }

  get(id: string): StoredProvider | null {
    const row = this.#db.prepare<[string], Row>('SELECT * FROM providers WHERE id = ?').get(id);
    return row ? toProvider(row) : null;
  }

  put(provider: StoredProvider): void {
    this.#db
      .prepare(
        `INSERT INTO providers (id, base_url, key, models, models_given, state, error, test_ms)
         VALUES (@id, @baseUrl, @key, @models, @modelsGiven, @state, @error, @testMs)
         ON CONFLICT (id) DO UPDATE SET
           base_url = excluded.base_url, key = excluded.key, models = excluded.models,
           models_given = excluded.models_given, state = excluded.state, error = excluded.error,
           test_ms = excluded.test_ms`,
      )
      .run({
        ...provider,
        models: JSON.stringify(provider.models),
        modelsGiven: provider.modelsGiven ? 1 : 0,
        error: provider.error ? JSON.stringify(provider.error) : null,
      });
  }

  /** False where there was none. */
  remove(id: string): boolean {
    return this.#db.prepare('DELETE FROM providers WHERE id = ?').run(id).changes > 0;
  }
}

function toProvider(row: Row): StoredProvider {
  return {
    id: row.id,
    baseUrl: row.base_url,
    key: row.key,
    models: JSON.parse(row.models) as string[],
    modelsGiven: row.models_given === 1,
    state: row.state,
    error: row.error ? (JSON.parse(row.error) as ErrorShape) : null,
    testMs: row.test_ms,
  };
}
