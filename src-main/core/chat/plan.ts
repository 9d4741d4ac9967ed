import { MAX_MESSAGE_CHARS } from '../../../src-contract/limits.ts';
import type { Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { ActiveAnswers } from './active-answers.ts';
import type { AnswerPlan } from './answerer.ts';
import {
  badParent,
  busy,
  notAnAnswer,
  tooLong,
  unknownAgent,
  unknownConversation,
  unknownMessage,
} from './chat-errors.ts';
import type { Beginning, ChatStore } from './chat-store.ts';
import type { AgentCatalog, AgentProfile, ModelGateway } from './ports.ts';
import { MAX_HISTORY_CHARS } from './prompt.ts';
import { chooseRoute } from './route.ts';
import type { StoredConversation } from './rows.ts';
import { titleOf } from './title.ts';

interface Options {
  readonly route?: string | undefined;
  readonly agent?: string | null | undefined;
  readonly collections?: readonly string[] | undefined;
}

export interface SendInput extends Options {
  readonly conversationId?: string | undefined;
  readonly parentId?: string | null | undefined;
  readonly text: string;
}

export interface RegenerateInput extends Options {
  readonly conversationId: string;
  readonly messageId: string;
}

export interface PlanDeps {
  readonly store: ChatStore;
  readonly gateway: ModelGateway;
  readonly agents: AgentCatalog;
  readonly settings: { defaultRoute(): string | null };
  readonly clock: Clock;
  readonly active: ActiveAnswers;
}

/** What will be stored and how it will be answered; nothing has happened yet. */
export interface Planned {
  readonly beginning: Beginning;
  readonly userMessageId: string;
  readonly plan: Omit<AnswerPlan, 'startedAt'>;
}

/**
 * A question, in a new conversation or below one of its answers. What is chosen with it (route,
 * agent, collections) stays with the conversation.
 *
 * Errors: `chat/too-long`, `chat/unknown-conversation`, `chat/unknown-message`, `chat/bad-parent`,
 * `chat/busy`, `chat/unknown-agent`, `provider/unknown`, `provider/unknown-model`.
 */
export async function planSend(input: SendInput, deps: PlanDeps): Promise<Planned> {
  const { store, clock } = deps;
  const { text, conversationId } = input;
  if (text.length > MAX_MESSAGE_CHARS) throw tooLong(text.length);
  const at = clock.now();
  const before =
    conversationId === undefined ? fresh(text, at) : known(store.conversation(conversationId));
  const parentId = input.parentId === undefined ? before.leafId : input.parentId;
  if (parentId !== null) {
    const parent = store.message(before.id, parentId);
    if (!parent) throw unknownMessage();
    if (parent.role !== 'assistant') throw badParent();
    if (deps.active.has(parentId)) throw busy();
  }
  const conversation = {
    ...before,
    route: input.route ?? before.route,
    agent: input.agent === undefined ? before.agent : input.agent,
    collections: input.collections ?? before.collections,
  };
  const question = { id: newId(at), parentId, text };
  return {
    beginning: {
      conversation,
      question,
      answer: { id: newId(at), parentId: question.id },
      at,
    },
    userMessageId: question.id,
    plan: {
      question: text,
      history: store.branch(before.id, parentId, MAX_HISTORY_CHARS),
      ...(await choose(conversation, deps)),
    },
  };
}

/**
 * The question above an answer once more. What is chosen with it holds for this answer only.
 *
 * Errors: `chat/unknown-conversation`, `chat/unknown-message`, `chat/not-an-answer`,
 * `chat/unknown-agent`, `provider/unknown`, `provider/unknown-model`.
 */
export async function planRegenerate(input: RegenerateInput, deps: PlanDeps): Promise<Planned> {
  const { store, clock } = deps;
  const conversation = known(store.conversation(input.conversationId));
  const answer = store.message(conversation.id, input.messageId);
  if (!answer) throw unknownMessage();
  if (answer.role !== 'assistant' || answer.parentId === null) throw notAnAnswer();
  const question = store.message(conversation.id, answer.parentId);
  if (!question) throw unknownMessage();
  const at = clock.now();
  return {
    beginning: {
      conversation,
      question: null,
      answer: { id: newId(at), parentId: question.id },
      at,
    },
    userMessageId: question.id,
    plan: {
      question: question.text,
      history: store.branch(conversation.id, question.parentId, MAX_HISTORY_CHARS),
      ...(await choose(
        {
          route: input.route ?? conversation.route,
          agent: input.agent === undefined ? conversation.agent : input.agent,
          collections: input.collections ?? conversation.collections,
        },
        deps,
      )),
    },
  };
}

/** Agent first: it may ask for a route and bring collections where the person chose none. */
async function choose(
  wish: Pick<StoredConversation, 'route' | 'agent' | 'collections'>,
  { agents, gateway, settings }: PlanDeps,
): Promise<Pick<AnswerPlan, 'route' | 'agent' | 'collections'>> {
  const agent = wish.agent === null ? null : await findAgent(wish.agent, agents);
  const wishes = [wish.route, agent?.route ?? null, settings.defaultRoute()];
  return {
    agent,
    route: chooseRoute(wishes, gateway),
    collections: wish.collections.length > 0 ? wish.collections : (agent?.collections ?? []),
  };
}

async function findAgent(name: string, agents: AgentCatalog): Promise<AgentProfile> {
  const agent = await agents.find(name);
  if (!agent) throw unknownAgent(name);
  return agent;
}

function fresh(text: string, at: number): StoredConversation {
  return {
    id: newId(at),
    title: titleOf(text),
    createdAt: at,
    updatedAt: at,
    leafId: null,
    route: null,
    agent: null,
    collections: [],
  };
}

function known(conversation: StoredConversation | null): StoredConversation {
  if (!conversation) throw unknownConversation();
  return conversation;
}
