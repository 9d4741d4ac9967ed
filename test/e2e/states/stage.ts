import type { Page } from '@playwright/test';
import type { App } from '../../helpers/browser-app.ts';
import type { SseServer, SseServerOptions } from '../../helpers/sse-server.ts';

/** Where states are shown: an app with real data, and a page of it. */
export interface Stage {
  readonly app: App;
  readonly page: Page;
  /** Starts a server that speaks the chat completions protocol. */
  readonly provider: (options?: SseServerOptions) => Promise<SseServer>;
  /** A folder for what stands outside the app, such as a remote. Removed afterwards. */
  readonly root: string;
  /** Ends what a state started, when its scene is over. */
  readonly atEnd: (end: () => Promise<void>) => void;
}

/** Takes the page back to where the next state can begin. */
export type Leave = () => Promise<void>;

/** One state of one screen, as a person would meet it. */
export interface ScreenState {
  /** `screen-state`; also the name of its pictures. */
  readonly name: string;
  /** Brings the page there, with a pointer and keys. */
  readonly show: (stage: Stage) => Promise<Leave | void>;
}

/** States that share an app, in order. */
export interface Scene {
  readonly name: string;
  /** Sets up the app's data before its page is opened. */
  readonly prepare: (stage: Stage) => Promise<void>;
  readonly states: readonly ScreenState[];
}
