import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  type ReactNode,
  type Ref,
} from 'react';
import { useImperativeHandle, useState } from 'react';
import type { Conversation, Message } from '../../../../src-contract/chat.ts';
import { Button } from '../../../ui/button.tsx';
import { ask, regenerate } from '../ask.ts';
import { showBranch, useBusy } from '../thread-state.ts';
import { pathTo, siblingsById } from '../tree.ts';
import { Answer } from './answer.tsx';
import { Question } from './question.tsx';

/** So near to the end, in pixels, the reader follows the text. */
const AT_END_PX = 48;

export interface ThreadHandle {
  /** Goes to the end and follows from there. */
  readonly toEnd: () => void;
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
  const isKnown = messages.some((message) => message.id === focusOn);
  const isOnPath = path.some((message) => message.id === focusOn);
  const { scroller, inner, away, toEnd, show } = useFollow();
  useImperativeHandle(ref, () => ({ toEnd }), [toEnd]);

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
      toEnd();
      regenerate(id, messageId, route);
    },
    [id, toEnd],
  );
  const onBranch = useCallback((messageId: string) => void showBranch(id, messageId), [id]);
  const onEdit = useCallback(
    (message: Message, text: string) => {
      toEnd();
      ask(id, text, message.parentId);
    },
    [id, toEnd],
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
          {path.map((message, i) => {
            const common = {
              message,
              branches: siblings.get(message.id) ?? [],
              busy,
              onBranch,
            };
            return (
              <div className={`turn ${message.role}`} key={message.id} id={`message-${message.id}`}>
                {message.role === 'user' ? (
                  <Question {...common} onEdit={onEdit} />
                ) : (
                  <Answer
                    {...common}
                    conversationId={id}
                    isLast={i === path.length - 1}
                    onRegenerate={onRegenerate}
                  />
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

function useFollow() {
  const scroller = useRef<HTMLElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const [away, setAway] = useState(false);

  const toEnd = useCallback(() => {
    following.current = true;
    setAway(false);
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);

  const show = useCallback((messageId: string) => {
    const element = scroller.current;
    const message = document.getElementById(`message-${messageId}`);
    if (!element || !message) return;
    following.current = false;
    element.scrollTop += message.getBoundingClientRect().top - element.getBoundingClientRect().top;
  }, []);

  useEffect(() => {
    const element = scroller.current;
    const content = inner.current;
    if (!element || !content) return undefined;
    let height = element.scrollHeight;
    const onScroll = (): void => {
      // A scroll that growth caused says nothing of the reader.
      if (element.scrollHeight !== height) return;
      const end = element.scrollHeight - element.clientHeight - element.scrollTop <= AT_END_PX;
      following.current = end;
      setAway(!end);
    };
    const grown = new ResizeObserver(() => {
      height = element.scrollHeight;
      if (following.current) element.scrollTop = height;
    });
    element.addEventListener('scroll', onScroll, { passive: true });
    grown.observe(content);
    grown.observe(element);
    return () => {
      element.removeEventListener('scroll', onScroll);
      grown.disconnect();
    };
  }, []);

  return { scroller, inner, away, toEnd, show };
}
