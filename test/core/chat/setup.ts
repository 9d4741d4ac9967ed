import { AppError } from '../../../src-contract/app-error.ts';
import type { Topic } from '../../../src-contract/app.ts';
import type { ChatEvent } from '../../../src-contract/chat.ts';
import type { SearchResult } from '../../../src-contract/knowledge.ts';
import { ChatService } from '../../../src-main/core/chat/chat-service.ts';
import { ChatStore } from '../../../src-main/core/chat/chat-store.ts';
import type { SendInput } from '../../../src-main/core/chat/plan.ts';
import type { AgentProfile, PassageSearch } from '../../../src-main/core/chat/ports.ts';
import { OpenAiClients } from '../../../src-main/core/providers/openai-client.ts';
import { OpenAiGateway } from '../../../src-main/core/providers/model-gateway.ts';
import type { StreamLimits } from '../../../src-main/core/providers/limits.ts';
import { ProviderService } from '../../../src-main/core/providers/provider-service.ts';
import { ProviderStore } from '../../../src-main/core/providers/provider-store.ts';
import { ChangeBus } from '../../../src-main/core/shared/change-bus.ts';
import { systemClock } from '../../../src-main/core/shared/clock.ts';
import type { EncryptedDb } from '../../../src-main/db/open.ts';
import { QUICK, recordingLogger, scratchStore } from '../providers/setup.ts';

export interface Chat {
  readonly service: ChatService;
  readonly store: RecordingStore;
  readonly providers: ProviderService;
  readonly db: EncryptedDb;
  readonly topics: Topic[];
  readonly lines: string[];
  /** Queries that knowledge was asked. */
  readonly searches: { query: string; collections?: readonly string[]; k: number }[];
}

export interface ChatOptions {
  readonly passages?: readonly SearchResult[] | (() => Promise<never>);
  readonly agents?: readonly AgentProfile[];
  readonly defaultRoute?: string | null;
  readonly limits?: Partial<StreamLimits>;
}

/** Notes each transaction in the order of everything else that happens. */
export class RecordingStore extends ChatStore {
  readonly happened: string[] = [];

  override begin(...args: Parameters<ChatStore['begin']>): void {
    this.happened.push('begin');
    super.begin(...args);
  }
  override flush(...args: Parameters<ChatStore['flush']>): void {
    this.happened.push(`flush ${args[0].length}`);
    super.flush(...args);
  }
  override finish(...args: Parameters<ChatStore['finish']>): void {
    this.happened.push('finish');
    super.finish(...args);
  }
}

export function makeChat(db: EncryptedDb, options: ChatOptions = {}): Chat {
  const bus = new ChangeBus();
  const topics: Topic[] = [];
  bus.subscribe((topic) => topics.push(topic));
  const { logger, lines } = recordingLogger();
  const clients = new OpenAiClients(fetch);
  const clock = systemClock;
  const providers = new ProviderService({
    store: new ProviderStore(db),
    clients,
    bus,
    clock,
    logger,
    fetch,
  });
  const gateway = new OpenAiGateway({
    providers,
    clients,
    clock,
    limits: { ...QUICK, ...options.limits },
  });
  const searches: Chat['searches'] = [];
  const store = new RecordingStore(db);
  const service = new ChatService({
    store,
    gateway,
    passages: fixedPassages(options.passages ?? [], searches),
    agents: {
      find: (name) => Promise.resolve(options.agents?.find((agent) => agent.name === name) ?? null),
    },
    settings: { defaultRoute: () => options.defaultRoute ?? null },
    bus,
    clock,
    logger,
  });
  return { service, store, providers, db, topics, lines, searches };
}

function fixedPassages(
  passages: NonNullable<ChatOptions['passages']>,
  searches: Chat['searches'],
): PassageSearch {
  return {
    search: async ({ query, collections, k }) => {
      searches.push({ query, k, ...(collections ? { collections } : {}) });
      return { ms: 1, results: typeof passages === 'function' ? await passages() : passages };
    },
  };
}

export function passage(over: Partial<SearchResult>): SearchResult {
  return {
    rank: 1,
    score: 10,
    collection: 'handbook',
    path: 'refunds.md',
    title: 'Refunds',
    page: null,
    startLine: 3,
    endLine: 5,
    text: 'A refund is paid within 14 days.',
    marks: [],
    ...over,
  };
}

export interface Told {
  readonly events: ChatEvent[];
  readonly text: string;
  readonly started: Extract<ChatEvent, { type: 'started' }>;
  readonly done: Extract<ChatEvent, { type: 'done' }> | null;
  readonly error: AppError | null;
}

export interface Listening {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: ChatEvent) => void | Promise<void>;
}

type Output = Parameters<ChatService['send']>[1];

/** Runs a stream to its end and tells what was heard. */
export async function listen(
  run: (output: Output) => Promise<void>,
  { signal = new AbortController().signal, onEvent }: Listening = {},
): Promise<Told> {
  const events: ChatEvent[] = [];
  let error: AppError | null = null;
  try {
    await run({
      signal,
      emit: async (event) => {
        events.push(event);
        await onEvent?.(event);
      },
    });
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    error = thrown;
  }
  const [first] = events;
  const last = events.at(-1);
  const started =
    first?.type === 'started'
      ? first
      : { type: 'started' as const, conversationId: '', userMessageId: '', messageId: '' };
  return {
    events,
    text: events.map((event) => (event.type === 'delta' ? event.text : '')).join(''),
    started,
    done: last?.type === 'done' ? last : null,
    error,
  };
}

export function send(chat: Chat, input: SendInput, listening?: Listening): Promise<Told> {
  return listen((output) => chat.service.send(input, output), listening);
}

export { scratchStore };
