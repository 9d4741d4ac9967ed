import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { ErrorShape } from '../../src-contract/app-error.ts';
import type { EngineClient } from '../../src-contract/client.ts';
import type { CallName, Input, Output, StreamEvent, StreamName } from '../../src-contract/index.ts';
import type { Result } from '../../src-contract/result.ts';
import { attach, readAttachFile } from '../../src-main/shell/attach.ts';
import { answerChallenge } from '../../src-main/shell/handshake.ts';
import type { AttachInfo, FromEngine } from '../../src-main/shell/engine-messages.ts';
import { outNode } from './built.helper.ts';

/** Far above a start on a busy machine. */
const START_MS = 25_000;

export interface EngineOptions {
  /** `engine.cjs` of another place than `out/`. */
  readonly entry?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A built engine as the child of this process, over one data directory that outlives it. */
export class TestEngine {
  readonly dataDir: string;
  readonly #options: EngineOptions;
  #child: ChildProcess | null = null;
  #ended: Promise<number | null> = Promise.resolve(null);
  #detach: (() => void) | null = null;
  #client: EngineClient | null = null;

  constructor(
    dataDir: string = mkdtempSync(join(tmpdir(), 'carrel-engine-')),
    options: EngineOptions = {},
  ) {
    this.dataDir = dataDir;
    this.#options = options;
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  get child(): ChildProcess {
    if (!this.#child) throw new Error('not started');
    return this.#child;
  }

  /** Resolves with the exit code, null for a signal. */
  get ended(): Promise<number | null> {
    return this.#ended;
  }

  /** Starts it and attaches to it; rejects with what it refuses to start for. */
  async start(): Promise<AttachInfo> {
    const child = this.fork();
    const first = await new Promise<FromEngine>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('the engine did not start')), START_MS);
      child.on('message', (message) => {
        clearTimeout(late);
        resolve(message as FromEngine);
      });
      child.once('exit', (code) => {
        clearTimeout(late);
        reject(new Error(`the engine ended with ${code} at its start`));
      });
    });
    if (first.t === 'refused') throw new Refused(first.error);
    if (first.t !== 'ready') throw new Error(`unexpected ${first.t}`);
    const attached = await attach(first.attach);
    if (!attached) throw new Error('nobody listens');
    this.#client = attached.client;
    this.#detach = () => attached.close();
    return first.attach;
  }

  /** Starts the process alone. */
  fork(): ChildProcess {
    const entry = this.#options.entry ?? join(outNode, 'engine.cjs');
    const child = fork(entry, ['--data-dir', this.dataDir, '--workspace', 'default'], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      ...(this.#options.env ? { env: this.#options.env } : {}),
    });
    this.#child = child;
    this.#ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    return child;
  }

  /** Calls a route and gives the envelope. */
  result(route: string, input: unknown): Promise<Result<unknown>> {
    if (!this.#client) throw new Error('not attached');
    return this.#client.call(route, input);
  }

  /** Calls a route that must succeed. */
  async call<K extends CallName>(route: K, input: Input<K>): Promise<Output<K>> {
    const result = await this.result(route, input);
    if (!result.ok) throw new Error(`${route}: ${result.error.code}: ${result.error.message}`);
    return result.value as Output<K>;
  }

  /** Runs a stream to its end and gives its events; `onEvent` may cancel. */
  async stream<K extends StreamName>(
    route: K,
    input: Input<K>,
    onEvent: (event: StreamEvent<K>, cancel: () => void) => void = () => undefined,
  ): Promise<{ events: StreamEvent<K>[]; end: Result<null> }> {
    if (!this.#client) throw new Error('not attached');
    const events: StreamEvent<K>[] = [];
    const handle = this.#client.stream(route, input, (batch) => {
      for (const event of batch) {
        events.push(event as StreamEvent<K>);
        onEvent(event as StreamEvent<K>, () => handle.cancel());
      }
    });
    return { events, end: await handle.end };
  }

  attachInfo(): AttachInfo | null {
    return readAttachFile(this.workspace('engine.json'));
  }

  workspace(...names: string[]): string {
    return join(this.dataDir, 'workspaces', 'default', ...names);
  }

  has(...names: string[]): boolean {
    return existsSync(this.workspace(...names));
  }

  read(...names: string[]): Buffer {
    return readFileSync(this.workspace(...names));
  }

  /** As a shell stops it. */
  async stop(): Promise<number | null> {
    this.#detach?.();
    if (this.#child?.connected) this.#child.send({ t: 'stop' });
    return this.#ended;
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }

  /** Ends it and removes its data. */
  async end(): Promise<void> {
    await this.kill();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** What an engine refused to start for. */
export class Refused extends Error {
  readonly code: string;
  readonly remedy: string;

  constructor(error: ErrorShape) {
    super(error.message);
    this.code = error.code;
    this.remedy = error.remedy;
  }
}

/** A bare connection to the socket, for what no client of ours would send. */
export function rawSocket(path: string): {
  readonly socket: Socket;
  readonly received: () => string;
  readonly closed: Promise<void>;
} {
  const socket = connect(path);
  let received = '';
  socket.setEncoding('utf8').on('data', (text: string) => (received += text));
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return { socket, received: () => received, closed };
}

/** A bare connection that has shown the token, and takes any line from now on. */
export async function greetedSocket(
  info: AttachInfo,
  token: string = info.token,
): Promise<ReturnType<typeof rawSocket>> {
  const raw = rawSocket(info.path);
  const [challenge = ''] = await linesOf(raw, 1);
  const answered = answerChallenge(token, JSON.parse(challenge));
  raw.socket.write(`${JSON.stringify(answered?.hello)}\n`);
  return raw;
}

/** The first `count` whole lines that came. */
export async function linesOf(
  { received }: ReturnType<typeof rawSocket>,
  count: number,
): Promise<string[]> {
  return vi.waitFor(() => {
    const lines = received().split('\n').slice(0, -1);
    if (lines.length < count) throw new Error(`${lines.length} lines`);
    return lines.slice(0, count);
  });
}
