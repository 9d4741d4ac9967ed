import { create } from 'zustand';
import type { ErrorShape } from '../../../src-contract/app-error.ts';
import type { ConversationSummary } from '../../../src-contract/chat.ts';
import type { Output } from '../../../src-contract/index.ts';
import { asAppError, call } from '../../bridge.ts';
import { forgetThread, patchThread, threadOf } from './thread-state.ts';

/** Conversations of one page of the list. */
const PAGE = 100;

export type Hit = Output<'chat.search'>['hits'][number];

interface ConversationList {
  /** Null until first read. */
  readonly conversations: readonly ConversationSummary[] | null;
  readonly total: number;
  readonly error: ErrorShape | null;
  readonly query: string;
  /** Null while nothing is searched. */
  readonly found: { readonly query: string; readonly hits: readonly Hit[] } | null;
}

export const useConversations = create<ConversationList>(() => ({
  conversations: null,
  total: 0,
  error: null,
  query: '',
  found: null,
}));

/** Reads the list again, as far as it was unfolded. */
export async function readConversations(): Promise<void> {
  const shown = useConversations.getState().conversations?.length ?? 0;
  // The border allows 200 at once; older pages are asked for by "Show older".
  await read({ limit: Math.min(200, Math.max(PAGE, shown)) }, () => []);
}

export async function readOlder(): Promise<void> {
  const { conversations } = useConversations.getState();
  const last = conversations?.at(-1);
  if (last) await read({ limit: PAGE, before: last.updatedAt }, () => conversations ?? []);
}

async function read(
  input: { limit: number; before?: number },
  before: () => readonly ConversationSummary[],
): Promise<void> {
  try {
    const { conversations, total } = await call('chat.conversations', input);
    const kept = before();
    const known = new Set(kept.map(({ id }) => id));
    useConversations.setState({
      conversations: [...kept, ...conversations.filter(({ id }) => !known.has(id))],
      total,
      error: null,
    });
  } catch (error) {
    useConversations.setState({ error: asAppError(error).toShape() });
  }
}

let searchTurn = 0;

/** Searches all messages; the answer of an older search never replaces that of a newer one. */
export async function searchHistory(query: string): Promise<void> {
  useConversations.setState({ query });
  const turn = ++searchTurn;
  const words = query.trim();
  if (words === '') {
    useConversations.setState({ found: null });
    return;
  }
  try {
    const { hits } = await call('chat.search', { query: words, limit: 50 });
    if (turn === searchTurn)
      useConversations.setState({ found: { query: words, hits }, error: null });
  } catch (error) {
    if (turn === searchTurn) useConversations.setState({ error: asAppError(error).toShape() });
  }
}

/** Throws `AppError`. */
export async function renameConversation(id: string, title: string): Promise<void> {
  await call('chat.rename', { id, title });
  const { conversation } = threadOf(id);
  if (conversation) patchThread(id, { conversation: { ...conversation, title } });
  await readConversations();
}

/** Throws `AppError`. Can be undone by `restoreConversation` until the engine ends. */
export async function deleteConversation(id: string): Promise<void> {
  threadOf(id).live?.stop();
  await call('chat.delete', { id });
  forgetThread(id);
  await readConversations();
}

export async function restoreConversation(id: string): Promise<void> {
  try {
    await call('chat.restore', { id });
  } catch (error) {
    useConversations.setState({ error: asAppError(error).toShape() });
  }
  await readConversations();
}
