import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';

/** So near to the end, in pixels, the reader who scrolls down follows the text from there. */
const AT_END_PX = 48;
/** More than half a window within this time, in milliseconds (a few frames), did not stream in: it came at once. */
const AT_ONCE_MS = 50;

interface Follow {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly inner: RefObject<HTMLDivElement | null>;
  /** The end is out of sight and the view does not follow it. */
  readonly away: boolean;
  /** Goes to the end and follows from there. */
  readonly toEnd: () => void;
  /** A question goes out: as `toEnd`, but an answer that comes at once is shown from its question on. */
  readonly begin: () => void;
  /** Goes to a message and stays there. */
  readonly show: (messageId: string) => void;
}

/**
 * The view follows new text only while the reader is at the end; any move up by the reader ends it, a
 * move down to the end begins it again. An answer that comes at once does not
 * push its own beginning out of sight. `busy`: an answer arrives here now.
 */
export function useFollow(busy: boolean): Follow {
  const scroller = useRef<HTMLElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  // A conversation that is new begins with its first question.
  const state = useRef({ following: true, asked: busy, top: 0 });
  const live = useRef(busy);
  useEffect(() => {
    live.current = busy;
  }, [busy]);
  const [away, setAway] = useState(false);

  const follow = useCallback((following: boolean) => {
    state.current.following = following;
    // Who stands at the end stays there; a browser would hold on to the lines above while they change.
    if (scroller.current) scroller.current.style.overflowAnchor = following ? 'none' : '';
    setAway(!following);
  }, []);
  const goTo = useCallback((element: HTMLElement, top: number) => {
    element.scrollTop = top;
    state.current.top = element.scrollTop;
  }, []);

  const toEnd = useCallback(() => {
    follow(true);
    if (scroller.current) goTo(scroller.current, scroller.current.scrollHeight);
  }, [follow, goTo]);
  const begin = useCallback(() => {
    state.current.asked = true;
    toEnd();
  }, [toEnd]);
  const show = useCallback(
    (messageId: string) => {
      const message = document.getElementById(`message-${messageId}`);
      if (!scroller.current || !message) return;
      follow(false);
      goTo(scroller.current, scroller.current.scrollTop + offsetIn(scroller.current, message));
    },
    [follow, goTo],
  );

  useEffect(() => {
    const element = scroller.current;
    const content = inner.current;
    if (!element || !content) return undefined;
    let height = element.scrollHeight;
    let grown: readonly { readonly at: number; readonly px: number }[] = [];
    const cameAtOnce = (px: number): boolean => {
      const now = performance.now();
      grown = [...grown.filter(({ at }) => now - at < AT_ONCE_MS), { at: now, px }];
      return grown.reduce((sum, each) => sum + each.px, 0) > element.clientHeight / 2;
    };

    const onScroll = (): void => {
      const { scrollTop, scrollHeight, clientHeight } = element;
      const left = scrollHeight - clientHeight - scrollTop;
      const movedUp = scrollTop < state.current.top - 1;
      state.current.top = scrollTop;
      // At the very end after a move up: the content became shorter, not the reader's doing.
      if (left <= 1) follow(true);
      else if (movedUp) follow(false);
      else if (left <= AT_END_PX) follow(true);
    };
    const resized = new ResizeObserver(() => {
      const atOnce = cameAtOnce(Math.max(0, element.scrollHeight - height));
      height = element.scrollHeight;
      if (!state.current.following) return;
      const end = height - element.clientHeight;
      const start = startOfLast(element, content);
      if (state.current.asked && atOnce && end > start) {
        goTo(element, Math.max(start, element.scrollTop));
        follow(false);
      } else {
        goTo(element, end);
      }
    });
    // What a reader unfolds while nothing arrives grows under the pointer, and the view stays.
    const onTouch = (): void => {
      if (!live.current) state.current.following = false;
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('pointerdown', onTouch, { passive: true });
    element.addEventListener('keydown', onTouch);
    resized.observe(content);
    resized.observe(element);
    return () => {
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('pointerdown', onTouch);
      element.removeEventListener('keydown', onTouch);
      resized.disconnect();
    };
  }, [follow, goTo]);

  return { scroller, inner, away, toEnd, begin, show };
}

/** Where the last question stands at the top; a question that is long leaves half of the window to its answer. */
function startOfLast(element: HTMLElement, content: HTMLElement): number {
  const question = content.querySelector<HTMLElement>('.turn.user:nth-last-child(-n + 2)');
  if (!question) return element.scrollHeight;
  const top = element.scrollTop + offsetIn(element, question);
  return Math.max(top, top + question.offsetHeight - element.clientHeight / 2);
}

/** Pixels from the upper edge of what scrolls to the upper edge of `inside`. */
function offsetIn(element: HTMLElement, inside: HTMLElement): number {
  return inside.getBoundingClientRect().top - element.getBoundingClientRect().top;
}
