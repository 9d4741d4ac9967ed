/** Milliseconds of work after which others get their turn: a cancel, progress, another job's answer. */
const TURN_MS = 20;

/** For long loops: `await` what it returns at each step. Lets others run when a turn is over. */
export function turns(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < TURN_MS) return undefined;
    return new Promise<void>(setImmediate).then(() => {
      since = performance.now();
    });
  };
}
