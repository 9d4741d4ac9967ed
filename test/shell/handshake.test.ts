import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { attach } from '../../src-main/shell/attach.ts';
import {
  answerChallenge,
  answerHello,
  newChallenge,
  type Hello,
} from '../../src-main/shell/handshake.ts';
import { readJsonLines, writeJsonLine } from '../../src-main/shell/json-lines.ts';

const token = 'a'.repeat(64);

describe('the proofs', () => {
  test('both sides with the token prove themselves, and it does not travel', () => {
    const challenge = newChallenge();
    const answered = answerChallenge(token, challenge);
    const welcome = answerHello(token, challenge, answered?.hello);
    expect(answered?.isWelcome(welcome)).toBe(true);
    expect(JSON.stringify([challenge, answered?.hello, welcome])).not.toContain(token);
  });

  test('a proof is of one side, one token and one connection', () => {
    const challenge = newChallenge();
    const mine = answerChallenge(token, challenge);
    if (!mine) throw new Error('no answer');
    const { hello } = mine;
    expect(answerHello('b'.repeat(64), challenge, hello)).toBeNull();
    expect(answerHello(token, newChallenge(), hello)).toBeNull();
    const swapped: Hello = { ...hello, nonce: challenge.nonce };
    expect(answerHello(token, challenge, swapped)).toBeNull();
    const other = answerChallenge(token, challenge);
    expect(mine.isWelcome(answerHello(token, challenge, other?.hello))).toBe(false);
    expect(mine.isWelcome({ t: 'welcome', proof: hello.proof })).toBe(false);
    expect(mine.isWelcome(answerHello(token, challenge, hello))).toBe(true);
  });

  test.each([
    null,
    'challenge',
    [],
    {},
    { t: 'welcome' },
    { t: 'challenge' },
    { t: 'challenge', nonce: 7 },
    { t: 'challenge', nonce: 'A'.repeat(64) },
    { t: 'challenge', nonce: '0'.repeat(65) },
  ])('%j is no challenge, no hello, no welcome', (document) => {
    expect(answerChallenge(token, document)).toBeNull();
    expect(answerHello(token, newChallenge(), document)).toBeNull();
    expect(answerChallenge(token, newChallenge())?.isWelcome(document)).toBe(false);
  });
});

describe.skipIf(process.platform === 'win32')('a client at the socket of somebody else', () => {
  let dir: string;
  let server: Server;
  let heard: unknown[];

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'carrel-squat-'));
    heard = [];
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(dir, { recursive: true, force: true });
  });

  async function squat(greet: (socket: Socket, document: unknown) => void): Promise<string> {
    const path = join(dir, 's');
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      greet(socket, null);
      readJsonLines(socket, 10_000, (document) => {
        heard.push(document);
        greet(socket, document);
      });
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return path;
  }

  test('welcomed without a proof, it tells nothing and finds no engine', async () => {
    const path = await squat((socket) => writeJsonLine(socket, { t: 'welcome' }));
    expect(await attach({ path, token })).toBeNull();
    expect(heard).toEqual([]);
  });

  test('asked properly but welcomed with its own proof, it tells only its hello', async () => {
    const challenge = newChallenge();
    const path = await squat((socket, document) => {
      if (!document) writeJsonLine(socket, challenge);
      else writeJsonLine(socket, { t: 'welcome', proof: (document as Hello).proof });
    });
    expect(await attach({ path, token })).toBeNull();
    expect(heard).toMatchObject([{ t: 'hello' }]);
    expect(JSON.stringify(heard)).not.toContain(token);
  });
});
