import { create } from 'zustand';
import type { ErrorShape } from '../../../src-contract/app-error.ts';
import type { Conversation, Step } from '../../../src-contract/chat.ts';
import type { Citation } from '../../../src-contract/common.ts';
import { asAppError, call } from '../../bridge.ts';
import { leafUnder } from './tree.ts';

/** Key of the conversation that does not exist yet. */
export const NEW = 'new';

/** An answer that this window is receiving. */
export interface Live {
  /** Null until the engine has stored the question. */
  readonly messageId: string | null;
  readonly text: string;
  readonly steps: readonly Step[];
  readonly citations: readonly Citation[];
  /** Who answers, as far as it was chosen here. */
  readonly by: string;
  readonly stopping: boolean;
  readonly stop: () => void;
}

/** What this window knows of one conversation. Kept while another one is shown, so that nothing running is lost. */
export interface Thread {
  readonly conversation: Conversation | null;
  /** Why it could not be read. */
  readonly error: ErrorShape | null;
  readonly live: Live | null;
  /** Why the last question was not taken; its text is still in the composer. */
  readonly refused: ErrorShape | null;
}

const EMPTY: Thread = { conversation: null, error: null, live: null, refused: null };

interface Threads {
  readonly threads: Readonly<Record<string, Thread>>;
}

export const useThreads = create<Threads>(() => ({ threads: {} }));

export function threadOf(key: string): Thread {
  return useThreads.getState().threads[key] ?? EMPTY;
}

/** All of a thread but the running text. */
export function useThread(key: string): Omit<Thread, 'live'> {
  const conversation = useThreads((state) => state.threads[key]?.conversation ?? null);
  const error = useThreads((state) => state.threads[key]?.error ?? null);
  const refused = useThreads((state) => state.threads[key]?.refused ?? null);
  return { conversation, error, refused };
}

/** What has arrived of one answer, while this window receives it: changes with every frame, so only the answer itself reads it. */
export function useLive(key: string, messageId: string): Live | null {
  return useThreads(({ threads }) => {
    const live = threads[key]?.live;
    return live?.messageId === messageId ? live : null;
  });
}

/** Whether this window receives an answer there. */
export function useBusy(key: string): boolean {
  return useThreads((state) => Boolean(state.threads[key]?.live));
}

export function patchThread(key: string, patch: Partial<Thread>): void {
  useThreads.setState(({ threads }) => ({
    threads: { ...threads, [key]: { ...(threads[key] ?? EMPTY), ...patch } },
  }));
}

export function patchLive(key: string, patch: Partial<Live>): void {
  const { live } = threadOf(key);
  if (live) patchThread(key, { live: { ...live, ...patch } });
}

/** The question of a new conversation is stored: its thread goes on under the conversation's id. */
export function moveThread(from: string, to: string): void {
  useThreads.setState(({ threads }) => {
    const { [from]: moved, ...others } = threads;
    return { threads: { ...others, [to]: moved ?? EMPTY } };
  });
}

export function forgetThread(key: string): void {
  useThreads.setState(({ threads }) => {
    const { [key]: _gone, ...others } = threads;
    return { threads: others };
  });
}

/** Reads a conversation. While an answer arrives here, what arrives is newer than what is stored. */
export async function readThread(id: string): Promise<void> {
  if (threadOf(id).live) return;
  try {
    const conversation = await call('chat.conversation', { id });
    if (!threadOf(id).live) takeOver(id, conversation);
  } catch (error) {
    if (!threadOf(id).live) patchThread(id, { error: asAppError(error).toShape() });
  }
}

/** Shows what is stored now. Messages that did not change stay the same objects, and are not drawn again. */
export function takeOver(id: string, stored: Conversation): void {
  const known = new Map(
    threadOf(id).conversation?.messages.map((message) => [message.id, message]),
  );
  const messages = stored.messages.map((message) => {
    const before = known.get(message.id);
    return before && JSON.stringify(before) === JSON.stringify(message) ? before : message;
  });
  patchThread(id, { conversation: { ...stored, messages }, live: null, error: null });
}

/** Shows the branch that holds `messageId`, down to its newest message. */
export async function showBranch(id: string, messageId: string): Promise<void> {
  const { conversation } = threadOf(id);
  if (!conversation) return;
  const leafId = leafUnder(conversation.messages, messageId);
  patchThread(id, { conversation: { ...conversation, leafId } });
  try {
    await call('chat.selectLeaf', { conversationId: id, leafId });
  } catch (error) {
    patchThread(id, { refused: asAppError(error).toShape() });
  }
}
