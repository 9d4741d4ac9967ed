import { stream } from '../bridge.ts';
import { useLibraryStatus } from '../library-status-state.ts';
import { useSettings } from '../settings-state.ts';

/**
 * Looks for changes of the team when the person comes back to the window (not oftener than the
 * engine allows) or the network to the computer. Returns the way to stop.
 */
export function checkLibraryOnReturn(): () => void {
  function check(ifStale: boolean): void {
    const { status } = useLibraryStatus.getState();
    const asks = (useSettings.getState().values?.['library.checkMinutes'] ?? 0) > 0;
    if (!asks || !status || status.url === null || status.version === null) return;
    // What comes of it, a failure too, is the state of the library, which the window watches.
    stream('library.check', { ifStale }, () => undefined).done.catch(() => undefined);
  }
  const onFocus = (): void => check(true);
  const onOnline = (): void => check(false);
  window.addEventListener('focus', onFocus);
  window.addEventListener('online', onOnline);
  return () => {
    window.removeEventListener('focus', onFocus);
    window.removeEventListener('online', onOnline);
  };
}
