import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { asAppError } from '../../bridge.ts';
import { Screen } from '../../frame/screen.tsx';
import { usePrompt } from '../../prompts/prompt-state.ts';
import { hrefFor, navigate, parseHash, useRoute } from '../../route.ts';
import { ErrorBanner } from '../../ui/error-banner.tsx';
import { ProgressRow } from '../../ui/progress-row.tsx';
import { showUndo } from '../../ui/toast.tsx';
import { useDelayed } from '../../ui/use-delayed.ts';
import { useReading } from '../../watch.ts';
import './chat.css';
import { readChoices } from './choices-state.ts';
import { addToDraft, prepareNew } from './composer-state.ts';
import {
  deleteConversation,
  readConversations,
  restoreConversation,
  useConversations,
} from './list-state.ts';
import { loadMarkdown } from './parts/answer-text.tsx';
import { ChatEmpty } from './parts/chat-empty.tsx';
import { ChatHead } from './parts/chat-head.tsx';
import { Composer } from './parts/composer.tsx';
import { ConversationList, goTo, neighbourOf } from './parts/conversation-list.tsx';
import { RenameDialog } from './parts/rename-dialog.tsx';
import { ThreadView, type ThreadHandle } from './parts/thread-view.tsx';
import { NEW, patchThread, readThread, threadOf, useThread } from './thread-state.ts';

/** Chat: conversations, the shown thread, the composer. `#/chat/<id>`; `?agent=` or `?collection=` prepare a new one. */
export function ChatPage(): ReactNode {
  const { rest, query } = useRoute();
  const key = rest === '' ? NEW : rest;
  const thread = useThread(key);
  const view = useRef<ThreadHandle>(null);
  useEffect(() => {
    // A failure shows where the text is drawn, which asks for the same file.
    loadMarkdown().catch(() => undefined);
  }, []);
  const [renaming, setRenaming] = useState<string | null>(null);
  useReading(() => void readConversations(), 'chat');
  useReading(() => void readChoices(), 'providers', 'knowledge', 'library');
  useReading(() => {
    if (key !== NEW) void readThread(key);
  }, 'chat');
  useEffect(() => {
    if (key !== NEW && !threadOf(key).conversation) void readThread(key);
  }, [key]);

  const agent = query.get('agent');
  const collection = query.get('collection');
  const draft = query.get('ask') ?? '';
  useEffect(() => {
    if (agent === null && collection === null && draft === '') return;
    prepareNew(draft, { agent, collections: collection === null ? [] : [collection] });
    navigate(hrefFor('chat'), { replace: true });
  }, [agent, collection, draft]);

  const focusComposer = useCallback(() => {
    document.querySelector<HTMLElement>('[data-region="composer"] textarea')?.focus();
  }, []);
  useEffect(() => {
    if (key === NEW) focusComposer();
  }, [key, focusComposer]);
  const prompted = usePrompt((state) => state.text);
  useEffect(() => {
    if (prompted === null) return;
    addToDraft(key, prompted);
    usePrompt.setState({ text: null });
    // The form that it comes from gives the focus back to where it was first.
    const timer = setTimeout(focusComposer);
    return () => clearTimeout(timer);
  }, [prompted, key, focusComposer]);

  async function remove(id: string): Promise<void> {
    const next = neighbourOf(id);
    try {
      await deleteConversation(id);
    } catch (error) {
      useConversations.setState({ error: asAppError(error).toShape() });
      return;
    }
    if (id === key) goTo(next);
    showUndo('Conversation deleted', () => void undo(id));
  }

  async function undo(id: string): Promise<void> {
    await restoreConversation(id);
    // Who went elsewhere meanwhile stays there.
    if (parseHash(window.location.hash).screen === 'chat') goTo(id);
  }

  const { conversation, error } = thread;
  return (
    <>
      <Screen
        listLabel="Conversations"
        list={
          <ConversationList
            current={key}
            message={query.get('message')}
            onNew={() => {
              goTo('');
              focusComposer();
            }}
            onRename={setRenaming}
            onDelete={(id) => void remove(id)}
          />
        }
      >
        <ChatHead
          conversation={conversation}
          onRename={() => setRenaming(key)}
          onDelete={() => void remove(key)}
        />
        {error && (
          <div className="chat-error">
            <ErrorBanner
              error={error}
              on={{ retry: () => void readThread(key) }}
              {...(conversation ? { onDismiss: () => patchThread(key, { error: null }) } : {})}
            />
          </div>
        )}
        {conversation ? (
          <ThreadView
            key={key}
            ref={view}
            conversation={conversation}
            focusOn={query.get('message')}
          />
        ) : (
          <section className="thread-frame" aria-label="Conversation">
            {key === NEW ? <ChatEmpty /> : !error && <Opening />}
          </section>
        )}
        {(conversation ?? key === NEW) && <Composer id={key} onAsk={() => view.current?.begin()} />}
      </Screen>
      {renaming !== null && (
        <RenameDialog id={renaming} title={titleOf(renaming)} onClose={() => setRenaming(null)} />
      )}
    </>
  );
}

function titleOf(id: string): string {
  const listed = useConversations.getState().conversations?.find((each) => each.id === id);
  return threadOf(id).conversation?.title ?? listed?.title ?? '';
}

function Opening(): ReactNode {
  const late = useDelayed(true);
  return late ? (
    <div className="p-6">
      <ProgressRow what="Opening the conversation" />
    </div>
  ) : null;
}
