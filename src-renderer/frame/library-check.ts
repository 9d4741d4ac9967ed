import { stream } from '../bridge.ts';
import { useLibraryStatus } from '../library-status-state.ts';
import { isWorking } from '../library-words.ts';
import { useSettings } from '../settings-state.ts';

/** Between two looks of a window that comes and goes, in milliseconds; the engine has a measure of its own. */
const AT_MOST_EVERY_MS = 60_000;

/** Looks for changes of the team when the person comes back to the window, or the network to the computer. Returns the way to stop. */
export function checkLibraryOnReturn(): () => void {
  let last = Number.NEGATIVE_INFINITY;

  function check(): void {
    const { status } = useLibraryStatus.getState();
    const asks = (useSettings.getState().values?.['library.checkMinutes'] ?? 0) > 0;
    if (!asks || !status || status.url === null || status.version === null) return;
    if (isWorking(status.state) || performance.now() - last < AT_MOST_EVERY_MS) return;
    last = performance.now();
    // What comes of it, a failure too, is the state of the library, which the window watches.
    stream('library.check', {}, () => undefined).done.catch(() => undefined);
  }
  function onOnline(): void {
    last = Number.NEGATIVE_INFINITY;
    check();
  }

  window.addEventListener('focus', check);
  window.addEventListener('online', onOnline);
  return () => {
    window.removeEventListener('focus', check);
    window.removeEventListener('online', onOnline);
  };
}
