import { app, BrowserWindow, dialog } from 'electron';
import { systemClock } from './core/shared/clock.ts';
import { dataPaths } from './core/shared/paths.ts';
import { createPinoLogger } from './core/shared/pino-logger.ts';
import { registerAppScheme, serveAppProtocol } from './electron/app-protocol.ts';
import { DesktopEngine } from './electron/desktop-engine.ts';
import { listenToWindows } from './electron/ipc.ts';
import { installMenu } from './electron/menu.ts';
import { denyPermissions, guardContents } from './electron/navigation.ts';
import { desktopPlaces } from './electron/places.ts';
import { ShellState } from './electron/shell-state.ts';
import { openMainWindow } from './electron/windows.ts';

// Before anything is written: logs, the window's place and Chromium's own files are this user's alone.
process.umask(0o077);
// Before ready, as both must be: where Chromium keeps its own files, and our scheme.
const places = desktopPlaces(process.argv.slice(1), process.env, process.platform);
app.setPath('userData', places.userData);
registerAppScheme();

if (app.requestSingleInstanceLock()) {
  void app.whenReady().then(start);
} else {
  app.quit();
}

function start(): void {
  denyPermissions();
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
  serveAppProtocol(places.renderer);
  const state = new ShellState(places.data);
  const log = createPinoLogger({
    dir: dataPaths(places.data).logs,
    name: 'shell',
    level: 'info',
    clock: systemClock,
  });
  const engine = new DesktopEngine({ places, logger: log.child('shell') });
  installMenu();
  listenToWindows({ retryEngine: () => engine.retry() });

  const open = (): void => {
    const [existing] = BrowserWindow.getAllWindows();
    if (existing) {
      if (existing.isMinimized()) existing.restore();
      existing.focus();
    } else {
      openMainWindow({ preload: places.preload, state, engine });
    }
  };
  // A window says it itself and offers another try; the box would hold up this process.
  engine.onFatal((message, detail) => {
    if (BrowserWindow.getAllWindows().length === 0) dialog.showErrorBox(message, detail);
  });
  engine.start();
  open();
  app.on('second-instance', open);
  app.on('activate', open);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });

  // Keys leave memory with the engine, so the program waits for its end.
  let stopped = false;
  app.on('before-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    void engine
      .stop()
      .then(() => log.close())
      .finally(() => {
        stopped = true;
        app.quit();
      });
  });
}
