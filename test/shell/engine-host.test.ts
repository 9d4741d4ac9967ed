import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EngineState } from '../../src-contract/protocol.ts';
import { silentLogger } from '../../src-main/core/shared/logger.ts';
import { attach } from '../../src-main/shell/attach.ts';
import {
  EngineHost,
  type EngineChild,
  type EngineHostLimits,
} from '../../src-main/shell/engine-host.ts';
import type { FromEngine } from '../../src-main/shell/engine-messages.ts';

const script = join(import.meta.dirname, 'stand-in-engine.helper.ts');

let dir: string;
let host: EngineHost;
let states: EngineState[];
let starts: number[];
let pids: number[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'carrel-host-'));
  states = [];
  starts = [];
  pids = [];
});

afterEach(async () => {
  await host.stop();
  // Whatever a test did, no engine outlives its host.
  for (const pid of pids) await until(() => !isAlive(pid));
  rmSync(dir, { recursive: true, force: true });
});

/** Modes are used one after the other, the last one for all further starts. */
function hostOf(modes: readonly string[], limits: Partial<EngineHostLimits> = {}): EngineHost {
  host = new EngineHost({
    logger: silentLogger,
    limits,
    launch: () => {
      starts.push(performance.now());
      return launch(modes[Math.min(starts.length, modes.length) - 1] ?? 'normal');
    },
  });
  host.onState((state) => states.push(state));
  return host;
}

function launch(mode: string): EngineChild {
  const child = fork(script, ['--data-dir', dir, '--mode', mode], {
    execArgv: [],
    serialization: 'json',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  if (child.pid) pids.push(child.pid);
  return {
    pid: child.pid,
    post: (message) => {
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (listener) => child.on('message', (m: unknown) => listener(m as FromEngine)),
    onExit: (listener) =>
      child.once('exit', (code, signal) => listener(signal ?? `exit code ${code}`)),
    kill: () => void child.kill('SIGKILL'),
  };
}

describe('EngineHost', () => {
  test('starts an engine that answers, and ends it', async () => {
    hostOf(['normal']).start();
    expect(host.state).toEqual({ kind: 'starting' });
    await until(() => host.state.kind === 'running');
    const info = host.attach;
    expect(info).not.toBeNull();
    const engine = info && (await attach(info));
    expect(await engine?.client.call('echo', 'hello')).toEqual({ ok: true, value: 'hello' });
    engine?.close();
    await host.stop();
    expect(isAlive(pids[0])).toBe(false);
    expect(starts).toHaveLength(1);
  });

  test('a killed engine is noticed at once, told, and replaced', async () => {
    hostOf(['normal']).start();
    await until(() => host.state.kind === 'running');
    const first = host.pid;
    const killedAt = performance.now();
    process.kill(Number(first), 'SIGKILL');
    await until(() => states.some((state) => state.kind === 'restarting'));
    expect(performance.now() - killedAt).toBeLessThan(1_000);
    expect(host.attach).toBeNull();
    expect(states.find((state) => state.kind === 'restarting')).toEqual({
      kind: 'restarting',
      attempt: 1,
      reason: 'The engine ended (SIGKILL).',
    });
    await until(() => host.state.kind === 'running');
    expect(host.pid).not.toBe(first);
    expect(host.attach).not.toBeNull();
  });

  test('an engine that exits by itself is replaced, and says its code', async () => {
    hostOf(['normal']).start();
    await until(() => host.state.kind === 'running');
    const engine = host.attach && (await attach(host.attach));
    const answer = await engine?.client.call('exit', null);
    expect(answer).toMatchObject({ ok: false, error: { code: 'engine/ended' } });
    await until(() => starts.length === 2 && host.state.kind === 'running');
    expect(states).toContainEqual({
      kind: 'restarting',
      attempt: 1,
      reason: 'The engine ended (exit code 1).',
    });
  });

  test('back-off doubles, and a loop is braked, told, and tried once more', async () => {
    hostOf(['exit'], { backoffFirst: 40, loopCount: 4, brake: 600 }).start();
    await until(() => host.state.kind === 'failed');
    expect(starts).toHaveLength(4);
    expect(host.failure?.code).toBe('engine/crash-loop');
    expect(host.failure?.message).toContain('exit code 7');
    const attempts = states.flatMap((s) => (s.kind === 'restarting' ? [s.attempt] : []));
    expect(attempts).toEqual([1, 2, 3]);
    await until(() => starts.length === 5);
    const pause = (starts[4] ?? 0) - (starts[3] ?? 0);
    expect(pause).toBeGreaterThanOrEqual(600);
  });

  test('an engine that comes back after a loop runs on', async () => {
    hostOf(['exit', 'exit', 'normal'], { backoffFirst: 10, loopCount: 2, brake: 50 }).start();
    await until(() => host.state.kind === 'failed');
    await until(() => host.state.kind === 'running');
    expect(host.failure).toBeNull();
  });

  test('a refusing engine is not started again until a person asks', async () => {
    hostOf(['refuse', 'normal'], { backoffFirst: 1, brake: 1 }).start();
    await until(() => host.state.kind === 'failed');
    expect(host.state).toEqual({
      kind: 'failed',
      reason: 'There is no key.',
      remedy: 'Bring the key.',
    });
    expect(host.failure?.code).toBe('vault/no-key');
    expect(states.some((state) => state.kind === 'restarting')).toBe(false);
    expect(starts).toHaveLength(1);
    host.retry();
    await until(() => host.state.kind === 'running');
    expect(host.failure).toBeNull();
  });

  test('a refusing engine that stays is ended', async () => {
    hostOf(['refuse-and-stay'], { refusedExit: 50 }).start();
    await until(() => host.state.kind === 'failed');
    expect(isAlive(pids[0])).toBe(false);
  });

  test('a hung engine is told, killed only later, and replaced', async () => {
    hostOf(['mute', 'normal'], { pingEvery: 60, tellAfterPings: 3, killAfterPings: 8 }).start();
    await until(() => starts.length === 2 && host.state.kind === 'running');
    const told = states.filter((s) => s.kind === 'running' && s.silentSeconds !== undefined);
    expect(told.length).toBe(5);
    const end = states.find((state) => state.kind === 'restarting');
    expect(end?.reason).toMatch(/did not answer for \d+ s/);
  });

  test('an engine that was only busy goes on', async () => {
    hostOf(['normal'], { pingEvery: 40, tellAfterPings: 2, killAfterPings: 10_000 }).start();
    await until(() => host.state.kind === 'running');
    const engine = host.attach && (await attach(host.attach));
    await engine?.client.call('block', 800);
    await until(() => {
      const [last, before] = [states.at(-1), states.at(-2)];
      return (
        before?.kind === 'running' &&
        before.silentSeconds !== undefined &&
        last?.kind === 'running' &&
        last.silentSeconds === undefined
      );
    });
    expect(starts).toHaveLength(1);
    engine?.close();
  });

  test('an engine that never gets ready is ended and counted', async () => {
    hostOf(['never-ready', 'normal'], { start: 300 }).start();
    await until(() => host.state.kind === 'running');
    const end = states.find((state) => state.kind === 'restarting');
    expect(end?.reason).toContain('was not ready');
  });

  test('an engine that does not stop is killed', async () => {
    hostOf(['stubborn'], { stop: 100 }).start();
    await until(() => host.state.kind === 'running');
    await host.stop();
    expect(isAlive(pids[0])).toBe(false);
  });

  test('stopped while it waits to restart, it starts nothing more', async () => {
    hostOf(['exit'], { backoffFirst: 50 }).start();
    await until(() => host.state.kind === 'restarting');
    await host.stop();
    const count = starts.length;
    host.start();
    host.retry();
    // The longest wait that could still be open has passed when a timer set now for longer fires.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(starts).toHaveLength(count);
  });

  test('a launcher that throws counts as an end', async () => {
    host = new EngineHost({
      logger: silentLogger,
      limits: { backoffFirst: 1, loopCount: 3 },
      launch: () => {
        throw new Error('no such file');
      },
    });
    host.start();
    await until(() => host.state.kind === 'failed');
    expect(host.failure?.message).toContain('no such file');
  });
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not reached: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: gone.
    return false;
  }
}
