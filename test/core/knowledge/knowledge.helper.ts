import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError } from '../../../src-contract/app-error.ts';
import type { IndexEvent } from '../../../src-contract/knowledge.ts';
import type { IndexJobs } from '../../../src-main/core/knowledge/index/jobs.ts';
import { KnowledgeService } from '../../../src-main/core/knowledge/knowledge-service.ts';
import type { Attachments, LibraryCollections } from '../../../src-main/core/knowledge/ports.ts';
import { ChangeBus } from '../../../src-main/core/shared/change-bus.ts';
import { systemClock } from '../../../src-main/core/shared/clock.ts';
import { silentLogger } from '../../../src-main/core/shared/logger.ts';
import { WorkerHost, type WorkerHandle } from '../../../src-main/core/shared/worker-host.ts';
import { openMigrated } from '../../../src-main/db/migrate.ts';
import { migrations } from '../../../src-main/db/migrations/index.ts';
import type { EncryptedDb } from '../../../src-main/db/open.ts';
import { threadSpawner } from '../../../src-main/shell/spawners.ts';
import { warmWorkers } from '../../helpers/warm-workers.ts';

const WORKER = new URL('../../../src-main/workers/index.ts', import.meta.url);
const STORE_KEY = Buffer.alloc(32, 7);

/** The vault's attachments are encrypted files; here their bytes stay in memory. */
export class MemoryAttachments implements Attachments {
  readonly kept = new Map<string, Buffer>();

  async put(id: string, bytes: Buffer): Promise<void> {
    this.kept.set(id, Buffer.from(bytes));
  }

  async get(id: string): Promise<Buffer> {
    const bytes = this.kept.get(id);
    if (bytes) return bytes;
    throw new AppError('vault/attachment-damaged', 'The file is damaged.', { remedy: 'Add it.' });
  }

  async remove(id: string): Promise<void> {
    this.kept.delete(id);
  }
}

/** Knowledge on real files: an encrypted store, an encrypted index and a worker thread in one temporary folder. */
export class Bench {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'carrel-knowledge-')));
  readonly data = join(this.root, 'data');
  readonly docs = join(this.root, 'docs');
  readonly indexDir = join(this.data, 'index');
  readonly attachments = new MemoryAttachments();
  readonly bus = new ChangeBus();
  readonly library: { name: string; dir: string }[] = [];
  /** Threads that were started, the newest last. */
  readonly threads: WorkerHandle[] = [];
  /** Called with each new thread. */
  onThread: (thread: WorkerHandle) => void = () => undefined;
  /** The data directory as the service is told; another way to the same one holds from the next start. */
  dataPath = this.data;
  db: EncryptedDb;
  worker: WorkerHost<IndexJobs>;
  service: KnowledgeService;

  constructor() {
    warmWorkers();
    mkdirSync(this.data);
    mkdirSync(this.docs);
    ({ db: this.db, worker: this.worker, service: this.service } = this.#open());
  }

  /** Ends everything, as the engine does, and begins anew on the same files. */
  async restart(between: () => void = () => undefined): Promise<void> {
    await this.close();
    // The thread ends on its own time; with the last connection the log goes into the index.
    await until(() => !existsSync(join(this.indexDir, 'shard-0.db-wal')));
    between();
    ({ db: this.db, worker: this.worker, service: this.service } = this.#open());
    await this.service.start();
  }

  async close(): Promise<void> {
    await this.service.close();
    this.worker.close();
    this.db.close();
  }

  async dispose(): Promise<void> {
    await this.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Writes a document and gives its absolute path. */
  write(path: string, content: string | Buffer): string {
    const file = join(this.docs, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  /** Paths of the passages found, best first. */
  async found(query: string, collections?: string[]): Promise<string[]> {
    const { results } = await this.service.search({ query, collections, k: 20 });
    return results.map((result) => result.path);
  }

  #open(): { db: EncryptedDb; worker: WorkerHost<IndexJobs>; service: KnowledgeService } {
    const db = openMigrated(
      join(this.data, 'store.db'),
      STORE_KEY,
      migrations,
      join(this.data, 'copies'),
    );
    const start = threadSpawner(WORKER);
    const worker = new WorkerHost<IndexJobs>({
      name: 'index',
      logger: silentLogger,
      spawn: async () => {
        const thread = await start();
        this.threads.push(thread);
        this.onThread(thread);
        return thread;
      },
    });
    const library: LibraryCollections = { list: async () => this.library };
    const service = new KnowledgeService({
      db,
      worker,
      library,
      attachments: this.attachments,
      bus: this.bus,
      clock: systemClock,
      logger: silentLogger,
      paths: {
        dataDir: this.dataPath,
        index: this.indexDir,
        scratch: join(this.data, 'cache', 'eval'),
      },
    });
    return { db, worker, service };
  }
}

/** Collects the events of one run. */
export function recorder(): { events: IndexEvent[]; emit: (event: IndexEvent) => Promise<void> } {
  const events: IndexEvent[] = [];
  return { events, emit: async (event) => void events.push(event) };
}

/** The code of the AppError that a promise is refused with; fails where it is not refused. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Waits for a condition; fails after ten seconds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('the condition did not come true within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
