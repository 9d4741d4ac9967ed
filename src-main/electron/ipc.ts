import { ipcMain, type IpcMainEvent } from 'electron';
import { APP_ORIGIN } from './app-protocol.ts';

/** What a window may ask of the main process itself; everything else goes to the engine over its port. */
export interface WindowVerbs {
  /** A person asks for another try after the engine could not start. */
  retryEngine(): void;
}

/** The only listener for windows. Frames that are not the top frame of our own page are refused in silence. */
export function listenToWindows(verbs: WindowVerbs): void {
  ipcMain.on('carrel:retry-engine', (event) => {
    if (isTrusted(event)) verbs.retryEngine();
  });
}

/** Removes the listener that electron-store installs for renderers: ours have no business with it. */
export function refuseStoreRequests(): void {
  ipcMain.removeAllListeners('electron-store-get-data');
}

/** `senderFrame` is null where the frame is already gone or has navigated: nobody to trust. */
function isTrusted({ senderFrame }: IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && isOwnPage(senderFrame.url);
}

/** Whether a URL is a page of this program. */
export function isOwnPage(url: string): boolean {
  return URL.canParse(url) && url.startsWith(`${APP_ORIGIN}/`);
}
