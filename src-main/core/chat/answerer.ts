import { randomBytes } from 'node:crypto';
import { MAX_QUERY_CHARS } from '../../../src-contract/limits.ts';
import type { ChatEvent, Finish, Message, Step, Usage, Used } from '../../../src-contract/chat.ts';
import type { Clock } from '../shared/clock.ts';
import type { ActiveAnswer } from './active-answers.ts';
import { quotePassages } from './library-reader.ts';
import { choosePassages, TO_QUOTE, TO_READ } from './passages.ts';
import type { AgentProfile, ModelEvent, ModelGateway, PassageSearch } from './ports.ts';
import { buildPrompt, estimateTokens } from './prompt.ts';
import type { Route } from './route.ts';

/** Passages asked from knowledge, to choose from. */
const SEARCHED = 20;

export interface AnswerPlan {
  readonly question: string;
  readonly history: readonly Message[];
  readonly route: Route;
  readonly agent: AgentProfile | null;
  readonly collections: readonly string[];
  /** Monotonic time of the request. */
  readonly startedAt: number;
}

/** Where an answer goes while it is written. */
export interface AnswerOutput {
  /** Aborted when nobody wants the answer any more. */
  readonly signal: AbortSignal;
  emit(event: ChatEvent): Promise<void>;
}

/** What came of it so far; filled while the answer is written, so that a failure keeps it. */
export interface AnswerRecord {
  steps: Step[];
  finish: Finish | null;
  usage: Usage | null;
  timings: NonNullable<Used['timings']>;
}

export interface AnswererDeps {
  readonly gateway: ModelGateway;
  readonly passages: PassageSearch;
  readonly clock: Clock;
}

export function newRecord(): AnswerRecord {
  return {
    steps: [],
    finish: null,
    usage: null,
    timings: { queuedMs: 0, firstTokenMs: null, totalMs: 0 },
  };
}

/** Agent, passages, source, stream: writes one answer. Text goes out before anything is done with it. */
export class Answerer {
  readonly #deps: AnswererDeps;

  constructor(deps: AnswererDeps) {
    this.#deps = deps;
  }

  async answer(
    plan: AnswerPlan,
    active: ActiveAnswer,
    record: AnswerRecord,
    output: AnswerOutput,
  ): Promise<void> {
    const step = async (made: Step): Promise<void> => {
      record.steps.push(made);
      await output.emit({ type: 'step', ...made });
    };
    if (plan.agent) await step({ kind: 'agent', text: `Agent: ${plan.agent.name}`, ms: null });
    if (plan.route.kind === 'library-reader' || plan.collections.length > 0) {
      active.citations = await this.#retrieve(plan, step);
    }
    for (const citation of active.citations) await output.emit({ type: 'citation', ...citation });
    if (plan.route.kind === 'model') {
      const { model, providerId } = plan.route;
      await step({ kind: 'request', text: `Asked ${model} at ${providerId}`, ms: null });
    } else if (active.citations.length > 0) {
      const files = new Set(active.citations.map(({ path }) => path)).size;
      await step({ kind: 'read', text: `Quoted ${count(files, 'file')}`, ms: null });
    }
    const { source, promptChars } = this.#source(plan, active, output.signal);
    record.timings.queuedMs = this.#since(plan);
    for await (const event of source) {
      switch (event.type) {
        case 'retry': {
          const text = `${event.reason.replace(/[.\s]*$/, '.')} Trying again in ${(event.waitMs / 1_000).toFixed(1)} s.`;
          await step({ kind: 'retry', text, ms: event.waitMs });
          break;
        }
        case 'delta':
          record.timings.firstTokenMs ??= this.#since(plan);
          active.text += event.text;
          await output.emit(event);
          break;
        case 'end':
          record.finish = event.finish;
          record.usage = event.usage ?? {
            inputTokens: estimateTokens(promptChars),
            outputTokens: estimateTokens(active.text.length),
            estimated: true,
          };
          break;
      }
    }
  }

  #source(
    plan: AnswerPlan,
    active: ActiveAnswer,
    signal: AbortSignal,
  ): { readonly source: AsyncIterable<ModelEvent>; readonly promptChars: number } {
    if (plan.route.kind === 'library-reader') {
      return { source: quotePassages(active.citations, signal), promptChars: 0 };
    }
    const { providerId, model } = plan.route;
    const { agent, history, question } = plan;
    const boundary = randomBytes(9).toString('base64url');
    const messages = buildPrompt({
      agent,
      history,
      question,
      passages: active.citations,
      boundary,
    });
    return {
      source: this.#deps.gateway.stream({ providerId, model, messages, signal }),
      promptChars: messages.reduce((sum, { content }) => sum + content.length, 0),
    };
  }

  async #retrieve(
    plan: AnswerPlan,
    step: (made: Step) => Promise<void>,
  ): Promise<ActiveAnswer['citations']> {
    const { question, collections, route } = plan;
    const { ms, results } = await this.#deps.passages.search({
      query: question.slice(0, MAX_QUERY_CHARS).toWellFormed(),
      ...(collections.length > 0 ? { collections } : {}),
      k: SEARCHED,
    });
    const chosen = choosePassages(
      question,
      results,
      route.kind === 'library-reader' ? TO_QUOTE : TO_READ,
    );
    const where = collections.length > 0 ? collections.join(', ') : 'all collections';
    const files = new Set(chosen.map(({ path }) => path)).size;
    const found =
      chosen.length > 0
        ? `${count(chosen.length, 'passage')} in ${count(files, 'file')}`
        : 'nothing relevant';
    await step({ kind: 'search', text: `Searched ${where}: ${found}`, ms });
    return chosen;
  }

  #since(plan: AnswerPlan): number {
    return this.#deps.clock.monotonic() - plan.startedAt;
  }
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
