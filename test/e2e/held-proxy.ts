import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gate, type Gate } from '../helpers/sse-server.ts';

export interface HeldProxy {
  /** The same address, through the proxy. */
  url(address: string): string;
  /** Opens the way for what is held, and for all after it. */
  readonly rest: Gate;
  close(): Promise<void>;
}

/** A loopback proxy that lets through so many bytes of each pack and holds the rest: a slow network that a test commands. */
export async function startHeldProxy(passBytes: number): Promise<HeldProxy> {
  const rest = gate();
  const server = createServer((request, response) => {
    const [, toPort = '0', path = '/'] = /^\/(\d+)(\/.*)$/.exec(request.url ?? '') ?? [];
    const onward = ask(
      {
        host: '127.0.0.1',
        port: Number(toPort),
        path,
        method: request.method,
        headers: { ...request.headers, host: `127.0.0.1:${toPort}` },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        void pass(answer, response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });

  async function pass(
    from: AsyncIterable<Buffer>,
    to: { write: (chunk: Buffer) => boolean; end: () => void },
  ): Promise<void> {
    let sent = 0;
    for await (const chunk of from) {
      const free = Math.max(0, passBytes - sent);
      to.write(chunk.subarray(0, free));
      sent += chunk.length;
      if (sent <= passBytes) continue;
      await rest.passed;
      to.write(chunk.subarray(free));
    }
    to.end();
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (address) => {
      const { port: toPort, pathname } = new URL(address);
      return `http://127.0.0.1:${port}/${toPort}${pathname}`;
    },
    rest,
    close: () =>
      new Promise((resolve) => {
        rest.open();
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
