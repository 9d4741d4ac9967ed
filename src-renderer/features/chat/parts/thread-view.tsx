import {
  startTransition,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useState,
  type ReactNode,
  type Ref,
} from 'react';
import type { Conversation, Message } from '../../../../src-contract/chat.ts';
import { Button } from '../../../ui/button.tsx';
import { ask, regenerate } from '../ask.ts';
import { showBranch, useBusy } from '../thread-state.ts';
import { pathTo, siblingsById } from '../tree.ts';
import { useFollow } from '../use-follow.ts';
import { Answer } from './answer.tsx';
import { Question } from './question.tsx';

/** Turns that are drawn at once, from the end: more than a window shows. */
const FIRST_TURNS = 24;
/** Older turns follow in parts of this size, while the window stays free for the reader. */
const NEXT_TURNS = 64;
/** Always the same one: what did not change is not drawn again. */
const ALONE: readonly Message[] = [];

export interface ThreadHandle {
  /** A question goes out: goes to the end and follows its answer. */
  readonly begin: () => void;
}

interface ThreadViewProps {
  readonly conversation: Conversation;
  /** A message to show first: a search found it. */
  readonly focusOn: string | null;
  readonly ref?: Ref<ThreadHandle>;
}

/** The shown branch of a conversation. The view follows new text only while the reader is at the end. */
export function ThreadView({ conversation, focusOn, ref }: ThreadViewProps): ReactNode {
  const { id, messages, leafId } = conversation;
  const path = useMemo(() => pathTo(messages, leafId), [messages, leafId]);
  const siblings = useMemo(() => siblingsById(messages), [messages]);
  const busy = useBusy(id);
  const [drawn, setDrawn] = useState(FIRST_TURNS);
  const isFound = focusOn !== null && path.slice(0, -drawn).some(({ id: at }) => at === focusOn);
  const shown = isFound ? path : path.slice(-drawn);
  useEffect(() => {
    if (drawn >= path.length) return;
    startTransition(() => setDrawn((before) => before + NEXT_TURNS));
  }, [drawn, path.length]);
  const isKnown = messages.some((message) => message.id === focusOn);
  const isOnPath = path.some((message) => message.id === focusOn);
  const { scroller, inner, away, toEnd, begin, show } = useFollow(busy);
  useImperativeHandle(ref, () => ({ begin }), [begin]);

  useLayoutEffect(() => {
    if (focusOn === null || !isKnown) {
      toEnd();
      return;
    }
    if (!isOnPath) void showBranch(id, focusOn);
    else show(focusOn);
  }, [id, focusOn, isKnown, isOnPath, show, toEnd]);

  const onRegenerate = useCallback(
    (messageId: string, route?: string) => {
      begin();
      regenerate(id, messageId, route);
    },
    [id, begin],
  );
  const onBranch = useCallback((messageId: string) => void showBranch(id, messageId), [id]);
  const onEdit = useCallback(
    (message: Message, text: string) => {
      begin();
      ask(id, text, message.parentId);
    },
    [id, begin],
  );

  return (
    <div className="thread-frame">
      <section
        className="thread"
        aria-label="Conversation"
        ref={scroller}
        // Focusable so that the keyboard can scroll it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
      >
        <div className="thread-inner" ref={inner}>
          {shown.map((message, i) => {
            const family = siblings.get(message.id) ?? ALONE;
            const common = {
              message,
              conversationId: id,
              branches: family.length > 1 ? family : ALONE,
              onBranch,
            };
            return (
              <div className={`turn ${message.role}`} key={message.id} id={`message-${message.id}`}>
                {message.role === 'user' ? (
                  <Question {...common} onEdit={onEdit} />
                ) : (
                  <Answer {...common} isLast={i === shown.length - 1} onRegenerate={onRegenerate} />
                )}
              </div>
            );
          })}
        </div>
      </section>
      {away && busy && (
        <div className="thread-below">
          <Button size="small" icon="down" onClick={toEnd}>
            New text below
          </Button>
        </div>
      )}
    </div>
  );
}
