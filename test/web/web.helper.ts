import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { EngineFrame, ShellFrame } from '../../src-contract/protocol.ts';
import type { Clock } from '../../src-main/core/shared/clock.ts';
import { silentLogger } from '../../src-main/core/shared/logger.ts';
import { EngineHost, type EngineHostLimits } from '../../src-main/shell/engine-host.ts';
import { forkEngine } from '../../src-main/web/fork-engine.ts';
import { peerUser, type PeerUser } from '../../src-main/web/peer-user.ts';
import { WebServer } from '../../src-main/web/server.ts';
import { Sessions } from '../../src-main/web/session.ts';
import { StaticFiles } from '../../src-main/web/static-files.ts';

const standIn = join(import.meta.dirname, '..', 'shell', 'stand-in-engine.helper.ts');

export const INDEX = `<!doctype html><meta name="csp-nonce" content="__CSP_NONCE__"><title>App</title>`;
export const SECRET = 'not part of the renderer';

/** A clock that tests move. */
export class TestClock implements Clock {
  ms = 1_000;
  now(): number {
    return this.ms;
  }
  monotonic(): number {
    return this.ms;
  }
}

export interface Harness {
  readonly port: number;
  readonly host: string;
  readonly origin: string;
  readonly dir: string;
  readonly server: WebServer;
  readonly engine: EngineHost;
  readonly clock: TestClock;
  close(): Promise<void>;
}

/** The real server over a small renderer folder, with the stand-in engine as its child process. */
export async function startWeb(
  options: { mode?: string; limits?: Partial<EngineHostLimits>; peerUser?: PeerUser } = {},
): Promise<Harness> {
  const dir = mkdtempSync(join(tmpdir(), 'carrel-web-'));
  const root = join(dir, 'renderer');
  makeRenderer(dir, root);
  const clock = new TestClock();
  process.env['STAND_IN_MODE'] = options.mode ?? 'normal';
  const engine = new EngineHost({
    logger: silentLogger,
    limits: options.limits ?? {},
    launch: forkEngine({ entry: standIn, dataDir: dir, workspace: 'default' }),
  });
  const server = new WebServer({
    files: await StaticFiles.scan(root),
    sessions: new Sessions(clock),
    engine,
    peerUser: options.peerUser ?? peerUser,
    retryEngine: () => engine.retry(),
    logger: silentLogger,
  });
  engine.start();
  await server.listen(0);
  const host = `127.0.0.1:${server.port}`;
  return {
    port: server.port,
    host,
    origin: `http://${host}`,
    dir,
    server,
    engine,
    clock,
    close: async () => {
      await Promise.all([server.close(), engine.stop()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function makeRenderer(dir: string, root: string): void {
  mkdirSync(join(root, 'assets'), { recursive: true });
  mkdirSync(join(dir, 'renderer-other'));
  writeFileSync(join(dir, 'secret.txt'), SECRET);
  writeFileSync(join(dir, 'renderer-other', 'secret.txt'), SECRET);
  writeFileSync(join(root, 'index.html'), INDEX);
  writeFileSync(join(root, 'assets', 'main-Ab12_-9x.js'), 'export const a = 1;');
  writeFileSync(join(root, 'assets', 'plain.css'), 'body{}');
  writeFileSync(join(root, 'assets', 'notes.md'), SECRET);
  writeFileSync(join(root, 'a b.txt'), 'with a space');
  symlinkSync(join(dir, 'secret.txt'), join(root, 'link.txt'));
  symlinkSync(join(dir, 'renderer-other'), join(root, 'other'));
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One request; the path goes out exactly as it is written. */
export function ask(web: Harness, path: string, options: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host: '127.0.0.1',
      port: web.port,
      path,
      method: options.method ?? 'GET',
      headers: { Host: web.host, ...options.headers },
      agent: false,
    });
    request.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    request.on('error', reject);
    request.end(options.body);
  });
}

/** Raw bytes in, raw bytes out, until the server closes. */
export function raw(web: Harness, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(web.port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (answer += chunk));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

/** Follows a start link as a browser does; the cookie to send from then on. */
export async function enter(web: Harness): Promise<string> {
  const link = new URL(web.server.newLink('anyone'));
  const answer = await ask(web, link.pathname + link.search);
  const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0];
  if (answer.status !== 303 || !cookie) throw new Error(`not let in: ${answer.status}`);
  return cookie;
}

export async function ticketFor(web: Harness, cookie: string): Promise<string> {
  const answer = await ask(web, '/ticket', {
    method: 'POST',
    headers: { Cookie: cookie, Origin: web.origin },
  });
  return (JSON.parse(answer.body) as { ticket: string }).ticket;
}

export interface Tab {
  readonly socket: WebSocket;
  readonly frames: (EngineFrame | ShellFrame)[];
  readonly closed: Promise<number>;
  send(frame: unknown): void;
}

/** Opens the web socket; rejects with the status of a refusal. */
export function openTab(
  web: Harness,
  cookie: string,
  ticket: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Tab> {
  const socket = new WebSocket(`ws://${web.host}/engine?ticket=${ticket}`, {
    headers: { Cookie: cookie, Origin: web.origin, ...headers },
  });
  const frames: (EngineFrame | ShellFrame)[] = [];
  socket.on('message', (data: Buffer) =>
    frames.push(JSON.parse(data.toString()) as EngineFrame | ShellFrame),
  );
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  return new Promise((resolve, reject) => {
    socket.on('unexpected-response', (_request, response) => {
      socket.terminate();
      reject(new Error(`refused with ${response.statusCode}`));
    });
    socket.on('error', reject);
    socket.on('open', () =>
      resolve({ socket, frames, closed, send: (frame) => socket.send(JSON.stringify(frame)) }),
    );
  });
}

/** A browser that was let in and connected. */
export async function connectTab(web: Harness): Promise<Tab> {
  const cookie = await enter(web);
  return openTab(web, cookie, await ticketFor(web, cookie));
}

export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not reached: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
