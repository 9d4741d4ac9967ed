import { z } from 'zod';
import { citation, errorShape, id, name, resultCount, searchText, timestamp } from './common.ts';
import { command, query, stream } from './define.ts';
import { lazy } from './lazy.ts';
import { MAX_MESSAGE_CHARS, MAX_NAME_CHARS } from './limits.ts';

/** `provider/model`, or `library-reader` for the built-in route that needs no model. */
export const routeId = lazy(() =>
  z
    .string()
    .min(1)
    .max(2 * MAX_NAME_CHARS),
);

export const finish = lazy(() => z.enum(['stop', 'length', 'truncated', 'cancelled']));
export type Finish = z.infer<ReturnType<typeof finish>>;

/** Tokens as the provider counted them; `estimated` when it said nothing. */
export const usage = lazy(() =>
  z.object({
    inputTokens: z.int(),
    outputTokens: z.int(),
    estimated: z.boolean(),
  }),
);
export type Usage = z.infer<ReturnType<typeof usage>>;

export const timings = lazy(() =>
  z.object({
    queuedMs: z.number(),
    firstTokenMs: z.number().nullable(),
    totalMs: z.number(),
  }),
);

/** One thing that was done for an answer, in order: shown folded above it and in "what was used". */
export const step = lazy(() =>
  z.object({
    kind: z.enum(['agent', 'search', 'request', 'retry', 'read']),
    text: z.string(),
    ms: z.number().nullable(),
  }),
);
export type Step = z.infer<ReturnType<typeof step>>;

/** What stands behind an answer; stored with it. */
export const used = lazy(() =>
  z.object({
    route: routeId(),
    agent: z.string().nullable(),
    collections: z.array(z.string()),
    steps: z.array(step()),
    usage: usage().nullable(),
    /** US dollars; null when the model's price is not known. */
    cost: z.number().nullable(),
    timings: timings().nullable(),
  }),
);
export type Used = z.infer<ReturnType<typeof used>>;

export const message = lazy(() =>
  z.object({
    id: id(),
    parentId: id().nullable(),
    role: z.enum(['user', 'assistant']),
    text: z.string(),
    /** `streaming` after a restart means the answer was interrupted: the engine turns it into `truncated` at start. */
    status: z.enum(['complete', 'streaming', 'length', 'truncated', 'cancelled', 'failed']),
    createdAt: timestamp(),
    citations: z.array(citation()),
    used: used().nullable(),
    error: errorShape().nullable(),
  }),
);
export type Message = z.infer<ReturnType<typeof message>>;

export const conversationSummary = lazy(() =>
  z.object({
    id: id(),
    title: z.string(),
    createdAt: timestamp(),
    updatedAt: timestamp(),
    /** True while an answer is being written. */
    busy: z.boolean(),
  }),
);
export type ConversationSummary = z.infer<ReturnType<typeof conversationSummary>>;

/** A conversation is a tree: `messages` holds every branch, `leafId` says which one is shown. */
export const conversation = lazy(() =>
  conversationSummary().extend({
    leafId: id().nullable(),
    messages: z.array(message()),
    route: routeId().nullable(),
    agent: z.string().nullable(),
    collections: z.array(z.string()),
  }),
);
export type Conversation = z.infer<ReturnType<typeof conversation>>;

export const chatEvent = lazy(() =>
  z.discriminatedUnion('type', [
    /** First event, after the question is stored: the ids of what was written. */
    z.object({
      type: z.literal('started'),
      conversationId: id(),
      userMessageId: id(),
      messageId: id(),
    }),
    z.object({ type: z.literal('step'), ...step().shape }),
    /** New text since the last delta, never cumulative. */
    z.object({ type: z.literal('delta'), text: z.string() }),
    z.object({ type: z.literal('citation'), ...citation().shape }),
    /** Last event. A failure ends the stream with an error envelope instead. */
    z.object({
      type: z.literal('done'),
      finish: finish(),
      conversationId: id(),
      messageId: id(),
      usage: usage(),
      cost: z.number().nullable(),
      timings: timings(),
    }),
  ]),
);
export type ChatEvent = z.infer<ReturnType<typeof chatEvent>>;

const options = lazy(() => ({
  route: routeId().optional(),
  agent: name().nullable().optional(),
  collections: z.array(name()).max(50).optional(),
}));

export const chatRoutes = {
  'chat.conversations': query(
    'Conversations, newest first.',
    () => z.strictObject({ limit: resultCount().default(100), before: timestamp().optional() }),
    () => z.object({ conversations: z.array(conversationSummary()), total: z.int() }),
  ),
  'chat.conversation': query(
    'One conversation with all its branches.',
    () => z.strictObject({ id: id() }),
    () => conversation(),
  ),
  'chat.send': stream(
    'Stores a question, answers it, and streams the answer. Without `conversationId` a new conversation begins; `parentId` (the message it follows, null for the root) makes a branch where it is not the leaf.',
    () =>
      z.strictObject({
        conversationId: id().optional(),
        parentId: id().nullable().optional(),
        text: z.string().trim().min(1).max(MAX_MESSAGE_CHARS),
        ...options(),
      }),
    () => chatEvent(),
  ),
  'chat.regenerate': stream(
    'Answers the question above an answer once more, as a new branch beside it.',
    () => z.strictObject({ conversationId: id(), messageId: id(), ...options() }),
    () => chatEvent(),
  ),
  'chat.selectLeaf': command(
    'Chooses which branch of a conversation is shown.',
    () => z.strictObject({ conversationId: id(), leafId: id() }),
    () => z.object({}),
  ),
  'chat.rename': command(
    'Gives a conversation another title.',
    () => z.strictObject({ id: id(), title: name() }),
    () => z.object({}),
  ),
  'chat.delete': command(
    'Deletes a conversation. It can be brought back with `chat.restore` until the engine ends; then its words are erased.',
    () => z.strictObject({ id: id() }),
    () => z.object({}),
  ),
  'chat.restore': command(
    'Brings back a deleted conversation.',
    () => z.strictObject({ id: id() }),
    () => z.object({}),
  ),
  'chat.search': query(
    'Full-text search in all messages, best first.',
    () => z.strictObject({ query: searchText(), limit: resultCount().default(20) }),
    () =>
      z.object({
        ms: z.number(),
        hits: z.array(
          z.object({
            conversationId: id(),
            messageId: id(),
            title: z.string(),
            role: z.enum(['user', 'assistant']),
            createdAt: timestamp(),
            /** Text around the found words, each between U+E000 and U+E001. */
            snippet: z.string(),
          }),
        ),
      }),
  ),
} as const;
