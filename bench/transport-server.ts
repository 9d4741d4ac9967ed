/**
 * A provider in a process of its own, so that its work is not counted. The model's name says how it
 * answers: `burst-20000` sends so many deltas as fast as they are taken, `paced-300-10` sends so many
 * with so many milliseconds between. Tells its port over IPC and ends with its parent.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chunk, event } from '../test/helpers/sse-server.ts';

const DELTA = event(chunk({ content: ' word' }));
const LAST = `${event(chunk({}, 'stop'))}data: [DONE]\n\n`;
/** Deltas of one write of a burst: what a busy server's socket gives at once. */
const BURST = DELTA.repeat(16);

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (piece: Buffer) => (body += piece.toString()));
  request.on('end', () => {
    const { model } = JSON.parse(body) as { model: string };
    const [kind, count, pause] = model.split('-');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (kind === 'burst') burst(response, Number(count));
    else paced(response, Number(count), Number(pause));
  });
});

function burst(response: ServerResponse, left: number): void {
  for (; left > 0; left -= 16) {
    if (!response.write(BURST)) {
      response.once('drain', () => burst(response, left - 16));
      return;
    }
  }
  response.end(LAST);
}

function paced(response: ServerResponse, left: number, pauseMs: number): void {
  response.socket?.setNoDelay(true);
  response.write(DELTA);
  const timer = setInterval(() => {
    left -= 1;
    if (left > 0) {
      response.write(DELTA);
      return;
    }
    clearInterval(timer);
    response.end(LAST);
  }, pauseMs);
}

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));
