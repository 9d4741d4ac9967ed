import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, type ErrorShape } from '../../../src-contract/app-error.ts';
import type { Conversation, ConversationSummary, Used } from '../../../src-contract/chat.ts';
import type { Output } from '../../../src-contract/index.ts';
import type { ChangeBus } from '../shared/change-bus.ts';
import type { Clock } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';
import { ActiveAnswer, ActiveAnswers } from './active-answers.ts';
import { Answerer, newRecord, type AnswerOutput, type AnswerPlan } from './answerer.ts';
import { closing, tooManyAnswers, unknownConversation, unknownMessage } from './chat-errors.ts';
import type { ChatStore, Ending } from './chat-store.ts';
import { stored } from './not-stored.ts';
import {
  planRegenerate,
  planSend,
  type Planned,
  type RegenerateInput,
  type SendInput,
} from './plan.ts';
import type { AgentCatalog, ModelGateway, PassageSearch } from './ports.ts';
import type { StoredConversation } from './rows.ts';
import { leafUnder } from './tree.ts';

export interface ChatDeps {
  readonly store: ChatStore;
  readonly gateway: ModelGateway;
  readonly passages: PassageSearch;
  readonly agents: AgentCatalog;
  readonly settings: { defaultRoute(): string | null };
  readonly bus: ChangeBus;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Answers at once: more than people start, a bound for a script that runs wild. */
const MAX_ACTIVE = 1_024;
/** Longest wait for running answers at the end; what is not stored then is put in order at the next start. */
const CLOSE_GRACE_MS = 2_000;

/** Conversations, and answering in them. */
export class ChatService {
  readonly #deps: ChatDeps;
  readonly #answerer: Answerer;
  readonly #active: ActiveAnswers;
  readonly #running = new Set<Promise<void>>();
  #closing = false;

  constructor(deps: ChatDeps) {
    this.#deps = deps;
    this.#answerer = new Answerer(deps);
    this.#active = new ActiveAnswers((parts) => deps.store.flush(parts), deps.logger);
  }

  /** Once, before anything else: unfinished answers of a crash are marked, deleted conversations erased. */
  start(): void {
    const { store, logger } = this.#deps;
    const truncated = store.recover();
    const erased = store.erase();
    if (truncated + erased > 0) logger.info('chat put in order', { truncated, erased });
  }

  /** Ends running answers (they are stored as truncated) and erases deleted conversations. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#active.abortAll();
    const late = sleep(CLOSE_GRACE_MS, undefined, { ref: false });
    await Promise.race([Promise.allSettled(this.#running), late]);
    this.#deps.store.erase();
  }

  conversations(limit: number, before?: number): Output<'chat.conversations'> {
    const { store } = this.#deps;
    const found = store.list(limit, before).map((one) => this.#summary(one));
    return { conversations: found, total: store.count() };
  }

  /** Errors: `chat/unknown-conversation`. So for all below that take an id. */
  conversation(id: string): Conversation {
    const found = this.#known(id);
    const { leafId, route, agent, collections } = found;
    const messages = this.#active.overlay(this.#deps.store.messages(id));
    return {
      ...this.#summary(found),
      messages,
      leafId,
      route,
      agent,
      collections: [...collections],
    };
  }

  rename(id: string, title: string): void {
    if (!this.#deps.store.rename(id, title)) throw unknownConversation();
    this.#deps.bus.changed('chat');
  }

  /** Stops what is being written in it, too. */
  delete(id: string): void {
    if (!this.#deps.store.delete(id, this.#deps.clock.now())) throw unknownConversation();
    for (const answer of this.#active.of(id)) answer.controller.abort();
    this.#deps.bus.changed('chat');
  }

  restore(id: string): void {
    if (!this.#deps.store.restore(id)) throw unknownConversation();
    this.#deps.bus.changed('chat');
  }

  /** Shows the branch that goes through `messageId`, down to its newest end. Errors: `chat/unknown-message`. */
  selectLeaf(conversationId: string, messageId: string): void {
    const { store, bus } = this.#deps;
    this.#known(conversationId);
    const tree = store.tree(conversationId);
    if (!tree.some(({ id }) => id === messageId)) throw unknownMessage();
    store.selectLeaf(conversationId, leafUnder(tree, messageId));
    bus.changed('chat');
  }

  search(query: string, limit: number): Output<'chat.search'> {
    const { store, clock } = this.#deps;
    const started = clock.monotonic();
    const hits = store.search(query, limit);
    return { ms: clock.monotonic() - started, hits };
  }

  /**
   * Stores a question and answers it; settles when the answer is stored. Errors before anything is
   * stored: those of `planSend`. Later ones are stored with the answer: `provider/…`, `knowledge/…`.
   */
  async send(input: SendInput, output: AnswerOutput): Promise<void> {
    const startedAt = this.#deps.clock.monotonic();
    const planned = await planSend(input, { ...this.#deps, active: this.#active });
    await this.#track(this.#run(planned, startedAt, output));
  }

  /** Answers the question above an answer once more, beside it. Errors: those of `planRegenerate`, and as for `send`. */
  async regenerate(input: RegenerateInput, output: AnswerOutput): Promise<void> {
    const startedAt = this.#deps.clock.monotonic();
    const planned = await planRegenerate(input, { ...this.#deps, active: this.#active });
    await this.#track(this.#run(planned, startedAt, output));
  }

  async #run(planned: Planned, startedAt: number, output: AnswerOutput): Promise<void> {
    const { store, bus } = this.#deps;
    if (this.#closing) throw closing();
    if (this.#active.size >= MAX_ACTIVE) throw tooManyAnswers();
    const { beginning, userMessageId } = planned;
    const plan = { ...planned.plan, startedAt };
    const conversationId = beginning.conversation.id;
    const messageId = beginning.answer.id;
    // The one commit before anything leaves this machine.
    stored(() => store.begin(beginning));
    const active = new ActiveAnswer(conversationId, messageId);
    this.#active.add(active);
    bus.changed('chat');
    const record = newRecord();
    const signal = AbortSignal.any([output.signal, active.controller.signal]);
    const emit = output.emit.bind(output);
    let failure: { readonly error: unknown } | null = null;
    try {
      await emit({ type: 'started', conversationId, userMessageId, messageId });
      await this.#answerer.answer(plan, active, record, { signal, emit });
    } catch (error) {
      failure = { error };
    }
    const finish =
      this.#closing && record.finish === 'cancelled' ? 'truncated' : (record.finish ?? 'truncated');
    const timings = { ...record.timings, totalMs: this.#deps.clock.monotonic() - startedAt };
    const { steps, usage } = record;
    const used = usedFor(plan, { steps, usage, timings });
    const shape = failure ? this.#toShape(failure.error) : null;
    try {
      stored(() => store.finish(this.#ending(active, used, finish, shape)));
    } finally {
      this.#active.remove(active);
      bus.changed('chat');
    }
    if (failure) throw failure.error;
    const counted = usage ?? { inputTokens: 0, outputTokens: 0, estimated: true };
    await emit({
      type: 'done',
      finish,
      conversationId,
      messageId,
      usage: counted,
      cost: null,
      timings,
    });
  }

  #ending(
    active: ActiveAnswer,
    used: Used,
    finish: 'stop' | 'length' | 'truncated' | 'cancelled',
    error: ErrorShape | null,
  ): Ending {
    const { conversationId, messageId, text, citations } = active;
    const ended = finish === 'stop' ? 'complete' : finish;
    const status = error ? 'failed' : ended;
    return {
      conversationId,
      messageId,
      status,
      text,
      citations,
      used,
      error,
      at: this.#deps.clock.now(),
    };
  }

  #toShape(error: unknown): ErrorShape {
    if (error instanceof AppError) return error.toShape();
    this.#deps.logger.error('an answer failed unexpectedly', { error });
    return {
      code: 'internal',
      message: 'Carrel ran into an error that it did not expect.',
      remedy: 'Try again. If it stays, look into the logs (Health).',
      action: 'open-health',
    };
  }

  #track(run: Promise<void>): Promise<void> {
    const tracked = run.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
    return tracked;
  }

  #known(id: string): StoredConversation {
    const found = this.#deps.store.conversation(id);
    if (!found) throw unknownConversation();
    return found;
  }

  #summary({ id, title, createdAt, updatedAt }: StoredConversation): ConversationSummary {
    return { id, title, createdAt, updatedAt, busy: this.#active.isBusy(id) };
  }
}

function usedFor(plan: AnswerPlan, rest: Pick<Used, 'steps' | 'usage' | 'timings'>): Used {
  return {
    route: plan.route.id,
    agent: plan.agent?.name ?? null,
    collections: [...plan.collections],
    cost: null,
    ...rest,
  };
}
