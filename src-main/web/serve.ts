import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../src-contract/app-error.ts';
import { systemClock } from '../core/shared/clock.ts';
import type { Logger } from '../core/shared/logger.ts';
import { EngineHost } from '../shell/engine-host.ts';
import { findPlaces } from '../shell/places.ts';
import { forkEngine } from './fork-engine.ts';
import { openBrowser } from './open-browser.ts';
import { watchParent } from './parent-watch.ts';
import { peerUser } from './peer-user.ts';
import { WebServer } from './server.ts';
import { Sessions } from './session.ts';
import { StaticFiles } from './static-files.ts';

export interface ServeOptions {
  readonly dataDir: string;
  readonly workspace: string;
  /** 0 to 65535; 0 takes a free one. */
  readonly port: number;
  /** Open the system browser with the link. */
  readonly open: boolean;
  /** Where the built renderer and the engine's entry are; found beside this program when left out. */
  readonly renderer?: string;
  readonly engineEntry?: string;
}

export interface Served {
  /** A link that lets one browser in, once. */
  readonly url: string;
  readonly port: number;
  /** Another such link. */
  newLink(): string;
  /** Ends server and engine; what they write is written first. */
  stop(): Promise<void>;
  /** Resolves when all has ended: after `stop`, SIGTERM, SIGINT or the end of the parent process. */
  readonly ended: Promise<void>;
}

/**
 * Runs the web shell until it is stopped. Resolves when the engine is ready to answer.
 *
 * Errors: what the engine refused to start with; `engine/crash-loop`; `web/port-in-use`;
 * `web/cannot-listen`; `web/bad-port`; `web/not-built`.
 */
export async function serve(options: ServeOptions): Promise<Served> {
  if (!Number.isInteger(options.port) || options.port < 0 || options.port > 65_535) {
    throw new AppError('web/bad-port', 'A port is a number from 0 to 65535.', {
      remedy: 'Name another one with --port, or leave it out: a free one is taken.',
    });
  }
  const logger = stderrLogger('web');
  const engine = new EngineHost({
    launch: forkEngine({
      entry: options.engineEntry ?? join(import.meta.dirname, 'engine.cjs'),
      dataDir: options.dataDir,
      workspace: options.workspace,
    }),
    logger,
  });
  const server = new WebServer({
    files: await StaticFiles.scan(builtRenderer(options.renderer ?? findPlaces().renderer)),
    sessions: new Sessions(systemClock),
    engine,
    peerUser,
    retryEngine: () => engine.retry(),
    logger,
  });
  const { stop, ended } = untilStopped(async () => {
    await Promise.all([server.close(), engine.stop()]);
  });
  try {
    engine.start();
    await server.listen(options.port);
    await ready(engine);
  } catch (error) {
    await stop();
    throw error;
  }
  if (options.open) void tellOpened(server.newLink('this-user'));
  return {
    url: server.newLink('anyone'),
    port: server.port,
    newLink: () => server.newLink('anyone'),
    stop,
    ended,
  };
}

/** Ends once: on a signal, with the parent, or when asked. */
function untilStopped(end: () => Promise<void>): Pick<Served, 'stop' | 'ended'> {
  let settle: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (settle = resolve));
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      stopWatching();
      await end();
      for (const signal of SIGNALS) process.off(signal, stopped);
      settle();
    })();
    return stopping;
  };
  const stopped = (): void => void stop();
  const stopWatching = watchParent(stopped);
  for (const signal of SIGNALS) process.on(signal, stopped);
  return { stop, ended };
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Resolves when the engine runs; rejects with its failure. */
function ready(engine: EngineHost): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (engine.state.kind === 'running') {
        stopLooking();
        resolve();
      } else if (engine.failure) {
        stopLooking();
        reject(AppError.fromShape(engine.failure));
      }
    };
    const stopLooking = engine.onState(look);
    look();
  });
}

function builtRenderer(folder: string): string {
  if (existsSync(join(folder, 'index.html'))) return folder;
  throw new AppError('web/not-built', 'The screens of Carrel have not been built.', {
    remedy: 'Run npm run build, then try again; npm start does both.',
  });
}

async function tellOpened(url: string): Promise<void> {
  const problem = await openBrowser(url, process.platform);
  if (problem === null) return;
  process.stderr.write(`The browser could not be opened (${problem}): open the link yourself.\n`);
}

/** The engine keeps the log; what its shell has to say while there is none goes to the terminal. */
function stderrLogger(scope: string): Logger {
  const write = (level: string) => (message: string, fields?: Readonly<Record<string, unknown>>) =>
    void process.stderr.write(`carrel ${scope} ${level}: ${message}${describe(fields)}\n`);
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: write('warning'),
    error: write('error'),
    child: (inner) => stderrLogger(`${scope}.${inner}`),
  };
}

function describe(fields: Readonly<Record<string, unknown>> | undefined): string {
  return Object.entries(fields ?? {})
    .map(([name, value]) => ` ${name}=${value instanceof Error ? value.message : String(value)}`)
    .join('');
}
