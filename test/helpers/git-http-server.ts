import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gitEnv } from './git-repo.ts';

export interface GitHttpServer {
  /** Address of a repository below the root: `url('team.git')`. */
  url(repo: string): string;
  readonly requests: { method: string; path: string; authorization: string | undefined }[];
  close(): Promise<void>;
}

/** What a test does to one request before git answers it. True where it has answered. */
export type Meddle = (request: IncomingMessage, response: ServerResponse) => boolean;
/** Cuts the connection after so many bytes of a pack; Infinity lets it be. */
export type CutAfter = () => number;

/** Git's own smart HTTP server (`git http-backend`, a CGI program) on a loopback port. */
export async function startGitHttp(
  root: string,
  options: { meddle?: Meddle; cutAfter?: CutAfter } = {},
): Promise<GitHttpServer> {
  const requests: GitHttpServer['requests'] = [];
  const children = new Set<ChildProcess>();
  const server = createServer((request, response) => {
    const { method = 'GET', url = '/' } = request;
    requests.push({ method, path: url, authorization: request.headers.authorization });
    if (options.meddle?.(request, response)) return;
    const cutAfter = method === 'POST' ? (options.cutAfter?.() ?? Infinity) : Infinity;
    const child = backend(root, request, response, cutAfter);
    children.add(child);
    child.once('close', () => children.delete(child));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (repo) => `http://127.0.0.1:${port}/${repo}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        for (const child of children) child.kill('SIGKILL');
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function backend(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
  cutAfter: number,
): ChildProcess {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const child = spawn('git', ['http-backend'], {
    env: {
      ...gitEnv,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      CONTENT_LENGTH: request.headers['content-length'] ?? '',
      REMOTE_ADDR: '127.0.0.1',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  // Without its input's end, or a reader, it spins for ever.
  const end = (): boolean => child.kill('SIGKILL');
  request.once('aborted', end);
  request.once('error', end);
  response.once('close', () => {
    if (child.exitCode === null) end();
  });
  request.pipe(child.stdin);
  child.stdin.on('error', () => response.destroy());
  let head = Buffer.alloc(0);
  let open = false;
  let sent = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    let body = chunk;
    if (!open) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      open = true;
      for (const line of head.toString('latin1', 0, end).split('\r\n')) {
        const [name = '', value = ''] = line.split(': ');
        if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
        else response.setHeader(name, value);
      }
      body = head.subarray(end + 4);
    }
    if (sent + body.length > cutAfter) {
      response.write(body.subarray(0, cutAfter - sent), () => response.destroy());
      child.kill();
      return;
    }
    sent += body.length;
    response.write(body);
  });
  child.on('close', () => response.end());
  return child;
}
