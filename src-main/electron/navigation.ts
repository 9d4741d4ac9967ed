import { session, shell, type WebContents } from 'electron';
import { APP_ORIGIN } from './app-protocol.ts';
import { externalUrl } from './external-url.ts';

/** Every window and frame: no navigation away, no new window, no webview. Links go to the system's browser after one check. */
export function guardContents(contents: WebContents): void {
  contents.setWindowOpenHandler(({ url }) => {
    const checked = externalUrl(url);
    if (checked) void shell.openExternal(checked);
    return { action: 'deny' };
  });
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** Camera, location, notifications and the rest: none is asked for, so none is given. Writing text to the clipboard is "Copy". */
export function denyPermissions(): void {
  const allowed = (permission: string, origin: string): boolean =>
    permission === 'clipboard-sanitized-write' && isOwn(origin);
  session.defaultSession.setPermissionRequestHandler((_contents, permission, decide, details) =>
    decide(allowed(permission, details.requestingUrl)),
  );
  session.defaultSession.setPermissionCheckHandler((_contents, permission, origin) =>
    allowed(permission, origin),
  );
}

/** Electron gives origins with and without their last slash. A prefix alone would let `carrel://application` in. */
function isOwn(origin: string): boolean {
  return origin === APP_ORIGIN || origin.startsWith(`${APP_ORIGIN}/`);
}
