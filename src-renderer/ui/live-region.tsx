import { create } from 'zustand';

const useSpoken = create<{ readonly text: string; readonly turn: number }>(() => ({
  text: '',
  turn: 0,
}));

/** Says `text` to a screen reader, politely: after what it is saying now. Whoever streams speaks a sentence at a time, at most every 2 s. */
export function announce(text: string): void {
  useSpoken.setState((last) => ({ text, turn: last.turn + 1 }));
}

/** Once, in the window. Two places in turn, so that the same words are spoken again. */
export function LiveRegion() {
  const { text, turn } = useSpoken();
  return (
    // At the top: below what fills the window it would make the page taller.
    <div className="sr top-0" aria-live="polite" role="status">
      <span>{turn % 2 === 0 ? text : ''}</span>
      <span>{turn % 2 === 1 ? text : ''}</span>
    </div>
  );
}
