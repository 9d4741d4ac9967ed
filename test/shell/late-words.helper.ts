/** An engine process that still has something to say when its shell is gone; it ends with 4. */
import { openShellLink } from '../../src-main/shell/shell-link.ts';

const link = openShellLink();
link.onGone(() => {
  link.post({ t: 'pong', id: 1 });
  setTimeout(() => process.exit(4), 100);
});
link.post({ t: 'pong', id: 0 });
