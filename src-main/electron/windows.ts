import { BrowserWindow, screen, type Rectangle } from 'electron';
import { APP_ORIGIN } from './app-protocol.ts';
import type { DesktopEngine } from './desktop-engine.ts';
import type { ShellState } from './shell-state.ts';

const DEFAULT_SIZE = { width: 1280, height: 800 };
/** Below this the smallest layout has no room. */
const MIN_SIZE = { minWidth: 640, minHeight: 480 };

export interface WindowDeps {
  readonly preload: string;
  readonly state: ShellState;
  readonly engine: DesktopEngine;
}

/** Opens the window of the workspace, where it was last. It is shown when it has something to show. */
export function openMainWindow({ preload, state, engine }: WindowDeps): BrowserWindow {
  const last = state.window;
  const window = new BrowserWindow({
    ...DEFAULT_SIZE,
    ...(last.bounds && isOnScreen(last.bounds) ? last.bounds : {}),
    ...MIN_SIZE,
    show: false,
    title: 'Carrel',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      // Chromium fetches its dictionaries from a server on Linux and Windows.
      spellcheck: false,
    },
  });
  if (last.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    state.saveWindow({ bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  });
  // A reload is a new page with a new preload: it needs a port of its own.
  window.webContents.on('did-finish-load', () => engine.attach(window));
  void window.loadURL(`${APP_ORIGIN}/`);
  return window;
}

/** A window on a screen that is no longer there could not be reached. */
function isOnScreen(bounds: Rectangle): boolean {
  const { workArea } = screen.getDisplayMatching(bounds);
  return (
    bounds.x < workArea.x + workArea.width &&
    bounds.x + bounds.width > workArea.x &&
    bounds.y < workArea.y + workArea.height &&
    bounds.y + bounds.height > workArea.y
  );
}
