import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ensureBuilt, outNode } from '../helpers/built.helper.ts';
import { Cli, isAlive, type Running } from '../helpers/cli.helper.ts';
import { startSseServer, type SseServer } from '../helpers/sse-server.ts';

const parent = join(import.meta.dirname, '..', 'web', 'parent.helper.ts');

let cli: Cli;

beforeAll(() => ensureBuilt());
beforeEach(() => {
  cli = new Cli();
});
afterEach(async () => {
  await cli.end();
});

/** The link of `carrel serve`. */
async function linkOf(served: Running): Promise<string> {
  return String((await served.line((line) => line['ok'] === true))['url']);
}

describe('carrel serve', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it in order, with exit 0', async (signal) => {
    const served = cli.start(['--json', 'serve']);
    const url = await linkOf(served);
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(303);
    const { pid } = cli.attachInfo();
    served.child.kill(signal);
    const { code, stdout } = await served.finished;
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(cli.workspace('engine.json'))).toBe(false);
    expect(existsSync(cli.workspace('engine.lock'))).toBe(false);
  });

  test('ends with its parent', async () => {
    const args = [parent, join(outNode, 'cli.cjs'), '--data-dir', cli.dataDir, 'serve'];
    const starter = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let url = '';
    starter.stdout.on('data', (chunk: Buffer) => (url += chunk.toString()));
    let pid: number;
    try {
      await until(() => url.endsWith('\n'));
      ({ pid } = cli.attachInfo());
    } finally {
      starter.kill('SIGKILL');
    }
    await until(() => !isAlive(pid));
    await expect(fetch(url.trim())).rejects.toThrow();
  });

  test('kill -9 of it and of its engine: nothing hinders the next command', async () => {
    const served = cli.start(['--json', 'serve']);
    await linkOf(served);
    const { pid } = cli.attachInfo();
    served.child.kill('SIGKILL');
    process.kill(pid, 'SIGKILL');
    await served.finished;
    expect(existsSync(cli.workspace('engine.json'))).toBe(true);
    expect(await cli.ok(['version'])).toMatchObject({ electron: null });
  });

  test('a port of no sense is refused', async () => {
    const { code, lines } = await cli.run(['serve', '--port', 'x']);
    expect(code).toBe(1);
    expect(lines).toMatchObject([{ ok: false, error: { code: 'web/bad-port' } }]);
  });
});

describe('an answer that is interrupted', () => {
  let server: SseServer;

  beforeEach(async () => {
    server = await startSseServer({
      script: () => async (exchange) => {
        for (let n = 1; !exchange.gone; n += 1) {
          await exchange.delta(`${n} `);
          await wait(20);
        }
      },
    });
    await cli.ok(['provider', 'add', 'local', '--base-url', server.baseUrl, '--model', 'm']);
  });
  afterEach(() => server.close());

  const ask = ['--json', 'chat', '--route', 'local/m', 'What is it?'];

  test('by kill -9 of the engine in a web shell: told, and what came is found as truncated', async () => {
    const served = cli.start(['--json', 'serve']);
    await linkOf(served);
    const asked = cli.start(ask);
    await flushed(asked);
    const { pid } = cli.attachInfo();
    process.kill(pid, 'SIGKILL');
    const { code, lines } = await asked.finished;
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({
      type: 'error',
      ok: false,
      error: { code: 'engine/ended', remedy: expect.any(String) },
    });
    await until(() => existsSync(cli.workspace('engine.json')) && cli.attachInfo().pid !== pid);
    expect(await shown()).toMatchObject({
      text: expect.stringMatching(/^1 2 3 4 /),
      status: 'truncated',
    });
  });

  test('by kill -9 of the command itself: the same', async () => {
    const asked = cli.start(ask);
    await flushed(asked);
    asked.child.kill('SIGKILL');
    await asked.finished;
    expect(await shown()).toMatchObject({
      text: expect.stringMatching(/^1 2 3 4 /),
      status: 'truncated',
    });
  });

  test('by two Ctrl-C: ends at once; the next start puts it in order', async () => {
    const asked = cli.start(ask);
    await asked.line(({ type }) => type === 'delta');
    asked.child.kill('SIGINT');
    asked.child.kill('SIGINT');
    expect((await asked.finished).code).toBe(130);
    expect(['cancelled', 'truncated']).toContain((await shown()).status);
  });

  /** Partial answers are stored each 500 ms; so many deltas take twice as long. */
  async function flushed(asked: Running): Promise<void> {
    await asked.line(({ text }) => String(text).includes('50 '));
  }

  /** The one answer of the one conversation. */
  async function shown(): Promise<{ text: string; status: string }> {
    const { conversations } = (await cli.ok(['conversation', 'list'])) as {
      conversations: { id: string; busy: boolean }[];
    };
    expect(conversations).toHaveLength(1);
    expect(conversations[0]?.busy).toBe(false);
    const { conversation } = (await cli.ok([
      'conversation',
      'show',
      String(conversations[0]?.id),
    ])) as { conversation: { messages: { text: string; status: string }[] } };
    return conversation.messages[1] ?? { text: '', status: 'missing' };
  }
});

describe('work that is interrupted', () => {
  test('Ctrl-C while documents are indexed leaves a collection that can be finished', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'carrel-many-'));
    try {
      for (let n = 0; n < 600; n += 1) {
        writeFileSync(
          join(folder, `${n}.md`),
          `# Note ${n}\n\n${'Some words of it. '.repeat(60)}\n`,
        );
      }
      const adding = cli.start(['--json', 'knowledge', 'add', folder, '--collection', 'many']);
      await until(() => existsSync(cli.workspace('index')));
      adding.child.kill('SIGINT');
      const { code } = await adding.finished;
      expect([130, 0]).toContain(code);
      expect(existsSync(cli.workspace('engine.lock'))).toBe(false);
      expect(await cli.ok(['knowledge', 'add', folder, '--collection', 'many'])).toMatchObject({
        files: { total: 600, failed: [] },
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** Polls until it holds. */
async function until(condition: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(condition()).toBe(true), { timeout: 20_000, interval: 20 });
}
