import { useId, useRef, type ReactNode } from 'react';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { count } from '../../../ui/format.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Chip } from '../../../ui/state.tsx';
import { ask } from '../ask.ts';
import { choiceOf, choose, setDraft, useComposer } from '../composer-state.ts';
import { LIBRARY_READER } from '../labels.ts';
import { COUNTER_FROM, MAX_MESSAGE_CHARS } from '../limits.ts';
import { patchThread, threadOf, useBusy, useThread, useThreads } from '../thread-state.ts';
import { MessageBox } from './message-box.tsx';
import { AgentPicker, CollectionPicker, PromptPicker, RoutePicker } from './pickers.tsx';

/** Where a question is written: text, agent, collections, route, Send or Stop. */
export function Composer({
  id: key,
  onAsk,
}: {
  readonly id: string;
  /** A question goes out: the thread goes to its end. */
  readonly onAsk: () => void;
}): ReactNode {
  const hintId = useId();
  const prompts = useRef<HTMLButtonElement>(null);
  const { refused, conversation } = useThread(key);
  const busy = useBusy(key);
  const stopping = useThreads((state) => state.threads[key]?.live?.stopping ?? false);
  const draft = useComposer((state) => state.drafts[key] ?? '');
  const choices = useComposer((state) => state.choices);
  const choice = choiceOf(choices, key, conversation);
  const over = draft.length - MAX_MESSAGE_CHARS;
  const empty = draft.trim() === '';

  function send(): void {
    if (busy || empty || over > 0) return;
    onAsk();
    ask(key, draft.trim());
  }

  return (
    <div className="composer-place" data-region="composer">
      {refused && (
        <ErrorBanner
          error={refused}
          stacked
          on={{
            retry: send,
            'use-library-reader': () => {
              choose(key, { route: LIBRARY_READER });
              patchThread(key, { refused: null });
            },
          }}
          onDismiss={() => patchThread(key, { refused: null })}
        />
      )}
      <form
        className="composer"
        aria-label="Ask"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <MessageBox
          label="Message"
          placeholder="Ask a question"
          value={draft}
          describedBy={hintId}
          invalid={over > 0}
          onText={(text) => {
            setDraft(key, text);
            // The slash stays where the list is closed again: it was meant as one.
            if (text === '/' && draft === '') prompts.current?.click();
          }}
          onEnter={send}
        />
        <div className="foot">
          <AgentPicker value={choice.agent} onChange={(agent) => choose(key, { agent })} />
          <PromptPicker trigger={prompts} />
          <CollectionPicker
            value={choice.collections}
            onChange={(collections) => choose(key, { collections })}
          />
          {choice.agent !== null && (
            <Chip icon="agent" onRemove={() => choose(key, { agent: null })}>
              {choice.agent}
            </Chip>
          )}
          {choice.collections.map((name) => (
            <Chip
              key={name}
              icon="knowledge"
              onRemove={() =>
                choose(key, { collections: choice.collections.filter((each) => each !== name) })
              }
            >
              {name}
            </Chip>
          ))}
          <div className="end">
            <span
              id={hintId}
              className={over > 0 ? 'fail num' : 'num'}
              role={over > 0 ? 'alert' : undefined}
            >
              {hint(draft.length, busy)}
            </span>
            <RoutePicker value={choice.route} onChange={(route) => choose(key, { route })} />
            {busy ? (
              <IconButton
                icon="stop"
                kind="primary"
                name="Stop"
                busy={stopping}
                onClick={() => threadOf(key).live?.stop()}
              />
            ) : (
              <IconButton
                icon="send"
                kind="primary"
                name="Send"
                tip="Send (Enter)"
                disabled={empty || over > 0}
                onClick={send}
              />
            )}
          </div>
        </div>
      </form>
    </div>
  );
}

function hint(length: number, busy: boolean): string {
  if (length > MAX_MESSAGE_CHARS) {
    return `${count(length - MAX_MESSAGE_CHARS)} characters too many: shorten it, or add the text to Knowledge`;
  }
  if (length >= MAX_MESSAGE_CHARS * COUNTER_FROM) {
    return `${count(length)} of ${count(MAX_MESSAGE_CHARS)} characters`;
  }
  if (busy) return 'Answering';
  return length === 0 ? 'Write a message to send' : '';
}
