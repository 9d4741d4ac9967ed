import type { IncomingMessage } from 'node:http';
import type { Answers } from './answers.ts';
import { newNonce, NONCE_PLACEHOLDER } from './headers.ts';
import { refusalOf } from './origin.ts';
import { maySpeakFor } from './peer-user.ts';
import { ENTER_SCRIPT, ENTER_SCRIPT_PATH } from './pages.ts';
import type { WebServerDeps } from './server.ts';
import { cookieName, setCookie, type Session } from './session.ts';

/** No request of ours has a body; a browser may send an empty document. */
const MAX_BODY_BYTES = 1024;

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' };
/** A hashed name never changes its content, and the copy stays this browser's own. */
const KEEP = { 'Cache-Control': 'private, max-age=31536000, immutable' };

/** Answers one HTTP request: start link, files of the renderer, tickets. Everything but the link needs the cookie. */
export class Requests {
  readonly #deps: WebServerDeps;
  readonly #port: () => number;

  constructor(deps: WebServerDeps, port: () => number) {
    this.#deps = deps;
    this.#port = port;
  }

  async answer(request: IncomingMessage, answers: Answers): Promise<void> {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead && request.method !== 'POST') {
      answers.text(405, 'Only GET, HEAD and POST.', { Allow: 'GET, HEAD, POST' });
      return;
    }
    const refusal = refusalOf(request, this.#port(), isRead ? 'read' : 'change');
    if (refusal) {
      answers.text(refusal.status, refusal.reason);
      return;
    }
    const [path = '/', query] = (request.url ?? '').split('?', 2);
    if (isRead) await this.#read(request, path, new URLSearchParams(query), answers);
    else await this.#change(request, path, answers);
  }

  async #read(
    request: IncomingMessage,
    path: string,
    query: URLSearchParams,
    answers: Answers,
  ): Promise<void> {
    const token = query.get('token');
    if (path === '/' && token !== null && request.method === 'GET') {
      this.#enter(token, await this.#deps.peerUser(request.socket), answers);
      return;
    }
    if (path === ENTER_SCRIPT_PATH) {
      answers.send(200, { 'Content-Type': 'text/javascript; charset=utf-8' }, ENTER_SCRIPT);
      return;
    }
    if (!this.#session(request)) {
      answers.page(
        401,
        'Open Carrel with its link',
        'This browser has not been let in. Carrel prints a link when it starts, good for one browser: press Enter in the terminal where it runs for a new one, or start it again.',
        true,
      );
      return;
    }
    await this.#file(path, answers);
  }

  #enter(token: string, user: number | null, answers: Answers): void {
    const value = this.#deps.sessions.enter(token, user);
    if (value === null) {
      answers.page(
        403,
        'This link was used already',
        'A link lets one browser in, once and for a limited time. Press Enter in the terminal where Carrel runs for a new one, or start it again.',
      );
      return;
    }
    answers.text(303, 'Come in.', {
      Location: '/',
      'Set-Cookie': setCookie(this.#port(), value),
    });
  }

  async #file(path: string, answers: Answers): Promise<void> {
    const file = await this.#deps.files.read(path);
    if (!file) {
      answers.text(404, 'There is nothing here.');
      return;
    }
    const type = { 'Content-Type': file.type };
    if (!file.type.startsWith('text/html')) {
      answers.send(200, file.immutable ? { ...type, ...KEEP } : type, file.bytes);
      return;
    }
    const nonce = newNonce();
    const page = file.bytes.toString('utf8').replaceAll(NONCE_PLACEHOLDER, nonce);
    answers.send(200, type, page, nonce);
  }

  async #change(request: IncomingMessage, path: string, answers: Answers): Promise<void> {
    if (!(await isSmall(request))) {
      answers.text(413, 'The request is too large.', { Connection: 'close' });
      return;
    }
    const session = this.#session(request);
    if (!session) {
      answers.text(401, 'This browser has not been let in: open Carrel with its link.');
      return;
    }
    if (!maySpeakFor(session.user, await this.#deps.peerUser(request.socket))) {
      answers.text(403, 'Another user of this machine was let in with this cookie.');
      return;
    }
    switch (path) {
      case '/ticket':
        answers.send(
          200,
          JSON_TYPE,
          JSON.stringify({ ticket: this.#deps.sessions.newTicket(session) }),
        );
        return;
      case '/retry':
        this.#deps.retryEngine();
        answers.send(200, JSON_TYPE, '{}');
        return;
      default:
        answers.text(404, 'There is nothing here.');
    }
  }

  #session(request: IncomingMessage): Session | null {
    return this.#deps.sessions.find(request.headers.cookie, cookieName(this.#port()));
  }
}

/** Reads the body away; false as soon as it is over its limit. */
async function isSmall(request: IncomingMessage): Promise<boolean> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return false;
  let bytes = 0;
  const chunks: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return false;
  }
  return true;
}
