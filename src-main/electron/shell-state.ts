import type { Rectangle } from 'electron';
import Store from 'electron-store';
import { refuseStoreRequests } from './ipc.ts';

interface State {
  readonly bounds: Rectangle | null;
  readonly maximized: boolean;
}

/** What only the desktop shell keeps: `shell.json` of the data directory. */
export class ShellState {
  readonly #store: Store<State>;

  constructor(dataDir: string) {
    this.#store = new Store<State>({
      cwd: dataDir,
      name: 'shell',
      defaults: { bounds: null, maximized: false },
      // A window's place is no loss; a program that doesn't start is.
      clearInvalidConfig: true,
    });
    refuseStoreRequests();
  }

  get window(): State {
    return { bounds: this.#store.get('bounds'), maximized: this.#store.get('maximized') };
  }

  saveWindow(state: State): void {
    this.#store.set(state);
  }
}
