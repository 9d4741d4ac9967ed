import type { ReactNode } from 'react';
import { readSnippet } from '../../../frame/palette-match.ts';
import { hrefFor } from '../../../route.ts';
import { MarkedText } from '../../../markdown/marked-text.tsx';
import { Button } from '../../../ui/button.tsx';
import { counted, shortTime } from '../../../ui/format.ts';
import { Empty } from '../../../ui/parts.tsx';
import { PickList, Section } from '../../../ui/row.tsx';
import { searchHistory, type Hit } from '../list-state.ts';

/** Found messages, best first, with the words that were found marked. */
export function SearchHits({
  hits,
  query,
  current,
}: {
  readonly hits: readonly Hit[];
  readonly query: string;
  /** The message that is shown; null for none. */
  readonly current: string | null;
}): ReactNode {
  if (hits.length === 0) {
    return (
      <Empty
        icon="search"
        title="Nothing found"
        action={
          <Button size="small" onClick={() => void searchHistory('')}>
            Clear the search
          </Button>
        }
      >
        No message has “{query}”.
      </Empty>
    );
  }
  return (
    <>
      <Section title={counted(hits.length, 'message')} />
      <PickList label="Found messages">
        {hits.map((hit) => (
          <a
            key={hit.messageId}
            role="option"
            className="row chat-hit"
            href={hrefFor('chat', hit.conversationId, { message: hit.messageId })}
            aria-selected={hit.messageId === current}
          >
            <span className="chat-hit-head">
              <strong className="cut">{hit.title}</strong>
              <span className="meta num">{shortTime(hit.createdAt)}</span>
            </span>
            <span className="chat-hit-text">
              {hit.role === 'user' ? 'You: ' : ''}
              <Snippet text={hit.snippet} />
            </span>
          </a>
        ))}
      </PickList>
    </>
  );
}

function Snippet({ text }: { readonly text: string }): ReactNode {
  const snippet = readSnippet(text);
  return <MarkedText text={snippet.text} marks={snippet.marks} />;
}
