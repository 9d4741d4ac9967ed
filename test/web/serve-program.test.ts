import { spawn, type ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from './web.helper.ts';

const program = join(import.meta.dirname, 'serve-program.helper.ts');
const parent = join(import.meta.dirname, 'parent.helper.ts');

let dir: string;
let running: ChildProcess[];

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  readonly code: Promise<number | null>;
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'carrel-serve-'));
  mkdirSync(join(dir, 'renderer'));
  writeFileSync(join(dir, 'renderer', 'index.html'), '<title>App</title>');
  running = [];
});

afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  const engine = enginePid();
  if (engine) await until(() => !isAlive(engine));
  rmSync(dir, { recursive: true, force: true });
});

function run(args: readonly string[], options: { mode?: string; script?: string[] } = {}): Run {
  const script = options.script ?? [program];
  const child = spawn(process.execPath, [...script, '--data-dir', dir, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      TEST_RENDERER: join(dir, 'renderer'),
      STAND_IN_MODE: options.mode ?? 'normal',
    },
  });
  running.push(child);
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, output: () => output, errors: () => errors, code };
}

/** From the file that tells clients how to attach. */
function enginePid(): number | null {
  const file = join(dir, 'engine.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid : null;
}

describe('serve', () => {
  test('prints one line, the link, when the engine is ready; ends on SIGTERM without a trace', async () => {
    const served = run([]);
    await until(() => served.output().includes('\n'));
    expect(served.output()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}\n$/);
    const engine = enginePid();
    expect(engine).not.toBeNull();
    const answer = await fetch(served.output().trim(), { redirect: 'manual' });
    expect(answer.status).toBe(303);
    served.child.kill('SIGTERM');
    expect(await served.code).toBe(0);
    expect(isAlive(Number(engine))).toBe(false);
    expect(existsSync(join(dir, 'engine.json'))).toBe(false);
    expect(readdirSync(join(dir, 'run'))).toEqual([]);
    expect(served.errors()).toBe('');
  });

  test('with --json one document, on a port of choice', async () => {
    const port = await freePort();
    const served = run(['--json', '--port', String(port)]);
    await until(() => served.output().includes('\n'));
    const { ok, url } = JSON.parse(served.output()) as { ok: boolean; url: string };
    expect(ok).toBe(true);
    expect(new URL(url).port).toBe(String(port));
    served.child.kill('SIGINT');
    expect(await served.code).toBe(0);
  });

  test('killed outright, its engine ends too', async () => {
    const served = run([]);
    await until(() => served.output().includes('\n'));
    const engine = Number(enginePid());
    served.child.kill('SIGKILL');
    await until(() => !isAlive(engine));
  });

  test('ends with its parent', async () => {
    const served = run([], { script: [parent, program] });
    await until(() => served.output().includes('\n'));
    const engine = Number(enginePid());
    const url = served.output().trim();
    served.child.kill('SIGKILL');
    await until(() => !isAlive(engine));
    await expect(fetch(url)).rejects.toThrow();
  });

  test('an engine that refuses to start: its error, its exit code, nothing left running', async () => {
    const served = run(['--json'], { mode: 'refuse' });
    expect(await served.code).toBe(3);
    expect(JSON.parse(served.output())).toEqual({
      ok: false,
      error: { code: 'vault/no-key', message: 'There is no key.', remedy: 'Bring the key.' },
    });
    expect(served.errors()).toContain('Bring the key.');
  });

  test('whoever read its output may be gone: it ends as it would have', async () => {
    const served = run(['--json'], { mode: 'refuse' });
    served.child.stdout?.destroy();
    expect(await served.code).toBe(3);
    expect(served.errors()).toBe('There is no key.\nBring the key.\n');
  });

  test('a port that is taken', async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) =>
      taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port)),
    );
    const served = run(['--json', '--port', String(port)]);
    expect(await served.code).toBe(1);
    expect(JSON.parse(served.output())).toMatchObject({ error: { code: 'web/port-in-use' } });
    await new Promise((resolve) => taken.close(resolve));
  });

  test.each([
    [['--port', 'x'], 1, 'A port is a number'],
    [['--port', '70000'], 1, 'A port is a number'],
    [['--no-such-option'], 2, '--data-dir DIR'],
  ])('%j is refused', async (args, code, text) => {
    const served = run(args);
    expect(await served.code).toBe(code);
    expect(served.errors()).toContain(text);
  });

  test('without the built screens it says what to run', async () => {
    rmSync(join(dir, 'renderer', 'index.html'));
    const served = run([]);
    expect(await served.code).toBe(1);
    expect(served.errors()).toContain('npm run build');
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await new Promise<number>((resolve) =>
    probe.listen(0, '127.0.0.1', () => resolve((probe.address() as { port: number }).port)),
  );
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: gone.
    return false;
  }
}
