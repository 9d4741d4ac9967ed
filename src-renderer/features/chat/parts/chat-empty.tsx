import type { ReactNode } from 'react';
import { hrefFor } from '../../../route.ts';
import { Button, ButtonLink } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { useChoices } from '../choices-state.ts';
import { choose, setDraft } from '../composer-state.ts';
import { NEW } from '../thread-state.ts';

/** A new conversation: what to do first, with opening questions where the library has agents for them. */
export function ChatEmpty(): ReactNode {
  const { starters, providers, collections } = useChoices();
  const start = (agent: string, question: string): void => {
    choose(NEW, { agent });
    setDraft(NEW, question);
    document.querySelector<HTMLElement>('[data-region="composer"] textarea')?.focus();
  };
  return (
    <div className="chat-empty">
      <Icon name="chat" size={20} />
      <strong>Ask a question</strong>
      <p>{advice(providers.length > 0, collections.length > 0)}</p>
      {starters.length > 0 && (
        <ul className="starters" aria-label="Opening questions">
          {starters.map(({ agent, question }) => (
            <li key={`${agent} ${question}`}>
              <Button className="starter" onClick={() => start(agent, question)}>
                <Icon name="agent" />
                <span className="grow">
                  {question}
                  <span className="starter-agent">{agent}</span>
                </span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="chat-empty-do">
        {collections.length === 0 && (
          <ButtonLink size="small" icon="knowledge" href={hrefFor('knowledge')}>
            Add documents
          </ButtonLink>
        )}
        {providers.length === 0 && (
          <ButtonLink size="small" icon="provider" href={hrefFor('settings', 'providers')}>
            Add a provider
          </ButtonLink>
        )}
      </div>
    </div>
  );
}

function advice(hasProvider: boolean, hasCollection: boolean): string {
  if (hasProvider) return 'Write below. Choose collections, and the answer cites their passages.';
  if (hasCollection) {
    return 'Write below. Without a model, the Library reader answers by quoting the best passages of your collections.';
  }
  return 'Without a model, the Library reader answers from your documents: add some first, or add a provider.';
}
