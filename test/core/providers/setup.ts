import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Topic } from '../../../src-contract/app.ts';
import { OpenAiClients } from '../../../src-main/core/providers/openai-client.ts';
import { OpenAiGateway } from '../../../src-main/core/providers/model-gateway.ts';
import type { LocalServer } from '../../../src-main/core/providers/detect.ts';
import type { StreamLimits } from '../../../src-main/core/providers/limits.ts';
import { ProviderService } from '../../../src-main/core/providers/provider-service.ts';
import { ProviderStore } from '../../../src-main/core/providers/provider-store.ts';
import type { ModelEvent } from '../../../src-main/core/chat/ports.ts';
import { ChangeBus } from '../../../src-main/core/shared/change-bus.ts';
import { systemClock } from '../../../src-main/core/shared/clock.ts';
import type { Logger } from '../../../src-main/core/shared/logger.ts';
import { openMigrated } from '../../../src-main/db/migrate.ts';
import { migrations } from '../../../src-main/db/migrations/index.ts';
import type { EncryptedDb } from '../../../src-main/db/open.ts';

/** An encrypted store in a temporary directory that can be opened again. */
export function scratchStore(): {
  readonly dir: string;
  readonly file: string;
  readonly key: Buffer;
  open(): EncryptedDb;
  remove(): void;
} {
  const dir = mkdtempSync(join(tmpdir(), 'carrel-store-'));
  const file = join(dir, 'store.db');
  const key = randomBytes(32);
  return {
    dir,
    file,
    key,
    open: () => openMigrated(file, key, migrations, join(dir, 'copies')),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** A logger that keeps every line, to look for what must not be in them. */
export function recordingLogger(): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const write = (message: string, fields?: Readonly<Record<string, unknown>>): void => {
    lines.push(`${message} ${JSON.stringify(fields ?? {})}`);
  };
  const logger: Logger = {
    debug: write,
    info: write,
    warn: write,
    error: write,
    child: () => logger,
  };
  return { logger, lines };
}

/** Limits that make retries quick, with room for a busy machine. */
export const QUICK: Partial<StreamLimits> = {
  headersMs: 20_000,
  idleMs: 20_000,
  afterFinishMs: 100,
  backoffMs: 5,
  retryAfterMaxMs: 1_000,
};

/** Limits for tests of silence. */
export const IMPATIENT: Partial<StreamLimits> = { headersMs: 300, idleMs: 300 };

export interface Providers {
  readonly service: ProviderService;
  readonly gateway: OpenAiGateway;
  readonly clients: OpenAiClients;
  readonly topics: Topic[];
  readonly lines: string[];
  readonly db: EncryptedDb;
  close(): void;
}

export function makeProviders(
  options: { limits?: Partial<StreamLimits>; localServers?: readonly LocalServer[] } = {},
): Providers {
  const scratch = scratchStore();
  const db = scratch.open();
  const bus = new ChangeBus();
  const topics: Topic[] = [];
  bus.subscribe((topic) => topics.push(topic));
  const { logger, lines } = recordingLogger();
  const clients = new OpenAiClients(fetch);
  const service = new ProviderService({
    store: new ProviderStore(db),
    clients,
    bus,
    clock: systemClock,
    logger,
    fetch,
    ...(options.localServers ? { localServers: options.localServers } : {}),
  });
  const gateway = new OpenAiGateway({
    providers: service,
    clients,
    clock: systemClock,
    limits: { ...QUICK, ...options.limits },
  });
  return {
    service,
    gateway,
    clients,
    topics,
    lines,
    db,
    close: () => {
      db.close();
      scratch.remove();
    },
  };
}

export interface Heard {
  readonly events: ModelEvent[];
  readonly text: string;
  readonly end: Extract<ModelEvent, { type: 'end' }> | null;
  readonly retries: number;
  readonly error: unknown;
}

/** Listens to a stream to its end. */
export async function hear(stream: AsyncIterable<ModelEvent>): Promise<Heard> {
  const events: ModelEvent[] = [];
  let error: unknown = null;
  try {
    for await (const event of stream) events.push(event);
  } catch (thrown) {
    error = thrown;
  }
  const last = events.at(-1);
  return {
    events,
    text: events.map((event) => (event.type === 'delta' ? event.text : '')).join(''),
    end: last?.type === 'end' ? last : null,
    retries: events.filter((event) => event.type === 'retry').length,
    error,
  };
}
