import { useDeferredValue, useEffect, type ReactNode } from 'react';
import type { ConversationSummary } from '../../../../src-contract/chat.ts';
import { ListBody, ListHead } from '../../../frame/screen.tsx';
import { hrefFor, navigate } from '../../../route.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { count, daysBetween, shortTime } from '../../../ui/format.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { SearchInput } from '../../../ui/input.tsx';
import { PickList, PickRow, Section } from '../../../ui/row.tsx';
import { readConversations, readOlder, searchHistory, useConversations } from '../list-state.ts';
import { SearchHits } from './search-hits.tsx';

interface ConversationListProps {
  readonly current: string;
  /** The message that a search led to. */
  readonly message: string | null;
  readonly onNew: () => void;
  readonly onRename: (id: string) => void;
  readonly onDelete: (id: string) => void;
}

/** The list column of Chat: new, search over all messages, conversations by day. F2 renames, Delete deletes. */
export function ConversationList(props: ConversationListProps): ReactNode {
  const { conversations, total, error, query, found } = useConversations();
  const deferred = useDeferredValue(query);
  useEffect(() => {
    void searchHistory(deferred);
  }, [deferred]);
  return (
    <>
      <ListHead
        title="Chat"
        end={<IconButton icon="add" kind="plain" name="New conversation" onClick={props.onNew} />}
      />
      <div className="chat-search">
        <SearchInput
          label="Search conversations"
          size="small"
          placeholder={
            total > 0
              ? `Search ${count(total)} ${total === 1 ? 'conversation' : 'conversations'}`
              : 'Search'
          }
          value={query}
          onText={(text) => useConversations.setState({ query: text })}
        />
      </div>
      <ListBody>
        {error && (
          <div className="p-2">
            <ErrorBanner error={error} stacked on={{ retry: () => void readConversations() }} />
          </div>
        )}
        {found ? (
          <SearchHits hits={found.hits} query={found.query} current={props.message} />
        ) : (
          <Days {...props} conversations={conversations ?? []} />
        )}
        {!found && conversations && conversations.length === 0 && (
          <p className="chat-none">No conversation yet. Write your first question at the right.</p>
        )}
        {!found && conversations && conversations.length < total && (
          <div className="px-4 py-2">
            <Button size="small" kind="quiet" onClick={() => void readOlder()}>
              Show older
            </Button>
          </div>
        )}
      </ListBody>
    </>
  );
}

const DAYS = ['Today', 'Yesterday', 'Earlier'] as const;

function Days({
  conversations,
  current,
  onRename,
  onDelete,
}: ConversationListProps & { readonly conversations: readonly ConversationSummary[] }): ReactNode {
  const now = Date.now();
  return DAYS.map((day, i) => {
    const rows = conversations.filter(
      ({ updatedAt }) => Math.min(2, Math.max(0, daysBetween(updatedAt, now))) === i,
    );
    if (rows.length === 0) return null;
    return (
      <div key={day}>
        <Section title={day} />
        <PickList label={day}>
          {rows.map(({ id, title, updatedAt, busy }) => (
            <PickRow
              key={id}
              icon="chat"
              title={title === '' ? 'Untitled' : title}
              meta={i === 1 ? clockOf(updatedAt) : shortTime(updatedAt, now)}
              busy={busy}
              current={id === current}
              href={hrefFor('chat', id)}
              aria-keyshortcuts="F2 Delete"
              onKeyDown={(event) => {
                if (event.key === 'F2') onRename(id);
                else if (event.key === 'Delete') onDelete(id);
              }}
            />
          ))}
        </PickList>
      </div>
    );
  });
}

function clockOf(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

/** Where the focus and the window go after a conversation is gone: the next one, else the one before, else a new one. */
export function neighbourOf(id: string): string {
  const all = useConversations.getState().conversations ?? [];
  const at = all.findIndex((each) => each.id === id);
  return (all[at + 1] ?? all[at - 1])?.id ?? '';
}

export function goTo(id: string): void {
  navigate(hrefFor('chat', id));
}
