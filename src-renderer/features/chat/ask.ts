import type { ChatEvent, Conversation, Message, Step } from '../../../src-contract/chat.ts';
import type { Citation } from '../../../src-contract/common.ts';
import { asAppError, call, stream, type Streaming } from '../../bridge.ts';
import { hrefFor, navigate, parseHash } from '../../route.ts';
import { announce } from '../../ui/live-region.tsx';
import { clearDraft, moveComposer, sendOptions } from './composer-state.ts';
import { routeLabel } from './labels.ts';
import { Pacer } from './pacer.ts';
import { Speaker } from './speaker.ts';
import { moveThread, NEW, patchLive, patchThread, takeOver, threadOf } from './thread-state.ts';

type Started = Extract<ChatEvent, { type: 'started' }>;

interface Question {
  /** Null for a regenerated answer: its question is stored already. */
  readonly text: string | null;
  readonly by: string;
  /** The message it follows; undefined is the present leaf. */
  readonly parentId?: string | null;
}

/** Asks in a conversation (`NEW` begins one). The draft is kept until the engine has stored the question. */
export function ask(key: string, text: string, parentId?: string | null): void {
  const conversationId = key === NEW ? {} : { conversationId: key };
  const branch = parentId === undefined ? {} : { parentId };
  const options = sendOptions(key);
  run(key, { text, by: nameOf(options), ...branch }, (onEvent) =>
    stream('chat.send', { ...conversationId, ...branch, text, ...options }, onEvent),
  );
}

/** Answers a question once more beside `messageId`, with what is chosen in the composer, or with `route`. */
export function regenerate(id: string, messageId: string, route?: string): void {
  const options = { ...sendOptions(id), ...(route === undefined ? {} : { route }) };
  run(id, { text: null, by: nameOf(options) }, (onEvent) =>
    stream('chat.regenerate', { conversationId: id, messageId, ...options }, onEvent),
  );
}

function run(
  key: string,
  question: Question,
  open: (onEvent: (event: ChatEvent) => void) => Streaming,
): void {
  if (threadOf(key).live) return;
  let at = key;
  let text = '';
  let steps: readonly Step[] = [];
  let citations: readonly Citation[] = [];
  const pacer = new Pacer(() => patchLive(at, { text, steps, citations }));
  const speaker = new Speaker((words) => isShown(at) && announce(words));

  function onEvent(event: ChatEvent): void {
    switch (event.type) {
      case 'started':
        at = begin(at, question, event);
        return;
      case 'step': {
        const { type: _type, ...step } = event;
        steps = [...steps, step];
        break;
      }
      case 'citation': {
        const { type: _type, ...citation } = event;
        citations = [...citations, citation];
        break;
      }
      case 'delta':
        text += event.text;
        speaker.feed(event.text);
        break;
      case 'done':
        return;
    }
    pacer.request();
  }

  const streaming = open(onEvent);
  const stop = (): void => {
    patchLive(at, { stopping: true });
    streaming.cancel();
  };
  patchThread(key, {
    live: { messageId: null, text, steps, citations, by: question.by, stopping: false, stop },
    refused: null,
  });
  void streaming.done
    .then(
      () => speaker.finish('Answer finished'),
      (error: unknown) => {
        const shape = asAppError(error).toShape();
        const stopped = threadOf(at).live?.stopping ?? false;
        if (threadOf(at).live?.messageId == null && !stopped) patchThread(at, { refused: shape });
        speaker.finish(stopped ? 'Answer stopped' : shape.message);
      },
    )
    .then(() => {
      pacer.flush();
      return settle(at);
    });
}

/** The question is stored: shows it with its empty answer. Returns the key under which the thread goes on. */
function begin(key: string, question: Question, event: Started): string {
  const id = event.conversationId;
  if (key !== id) {
    moveThread(key, id);
    moveComposer(key, id);
    if (isShown(key)) navigate(hrefFor('chat', id), { replace: true });
  }
  if (question.text !== null) clearDraft(id, question.text);
  const before = threadOf(id).conversation ?? newConversation(id, question.text ?? '');
  const asked = before.messages.some((message) => message.id === event.userMessageId);
  const messages = [
    ...before.messages,
    ...(asked
      ? []
      : [
          newMessage(
            event.userMessageId,
            question.parentId === undefined ? before.leafId : question.parentId,
            'user',
            question.text ?? '',
          ),
        ]),
    newMessage(event.messageId, event.userMessageId, 'assistant', ''),
  ];
  patchThread(id, {
    conversation: { ...before, messages, leafId: event.messageId, busy: true },
    error: null,
  });
  patchLive(id, { messageId: event.messageId });
  return id;
}

/** Takes over what is stored now. Where it can't be read (the engine is gone), what arrived stays in sight. */
async function settle(key: string): Promise<void> {
  const { live } = threadOf(key);
  if (!live?.messageId) {
    patchThread(key, { live: null });
    return;
  }
  try {
    takeOver(key, await call('chat.conversation', { id: key }));
  } catch (error) {
    const { conversation } = threadOf(key);
    const messages = conversation?.messages.map((message): Message =>
      message.id === live.messageId
        ? { ...message, text: live.text, status: 'truncated', citations: [...live.citations] }
        : message,
    );
    patchThread(key, {
      live: null,
      error: asAppError(error).toShape(),
      ...(conversation && messages ? { conversation: { ...conversation, messages } } : {}),
    });
  }
}

function nameOf({ agent, route }: ReturnType<typeof sendOptions>): string {
  return agent ?? (route === undefined ? 'Answer' : routeLabel(route));
}

function isShown(key: string): boolean {
  const { screen, rest } = parseHash(window.location.hash);
  return screen === 'chat' && (rest === '' ? NEW : rest) === key;
}

function newConversation(id: string, title: string): Conversation {
  const now = Date.now();
  return {
    id,
    title: title.split('\n')[0]?.slice(0, 80) ?? '',
    createdAt: now,
    updatedAt: now,
    busy: true,
    leafId: null,
    messages: [],
    route: null,
    agent: null,
    collections: [],
  };
}

function newMessage(
  id: string,
  parentId: string | null,
  role: 'user' | 'assistant',
  text: string,
): Message {
  return {
    id,
    parentId,
    role,
    text,
    status: role === 'user' ? 'complete' : 'streaming',
    createdAt: Date.now(),
    citations: [],
    used: null,
    error: null,
  };
}
