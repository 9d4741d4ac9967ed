import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src-main/core/shared/logger.ts';
import { acquireEngineLock } from '../../../src-main/core/workspace/engine-lock.ts';
import { ownStart, sameStart, stateOf } from '../../../src-main/core/shared/process-start.ts';

let dir: string;
let file: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'carrel-lock-'));
  file = join(dir, 'w', 'engine.lock');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

async function startHolder(): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'hold-lock.helper.ts'), [file], {
    execArgv: ['--no-warnings'],
  });
  children.push(child);
  await once(child, 'message');
  return child;
}

async function tryToHold(child: ChildProcess): Promise<string> {
  const answer = once(child, 'message') as Promise<[string]>;
  child.send('go');
  return (await answer)[0];
}

async function killed(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

describe('the lock of a workspace', () => {
  it('is held once, for this process too, and free after its release', async () => {
    const lock = await acquireEngineLock(file, silentLogger);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await expect(acquireEngineLock(file, silentLogger)).rejects.toMatchObject({
      code: 'workspace/in-use',
      data: { pid: process.pid },
    });
    lock.release();
    lock.release();
    expect(existsSync(file)).toBe(false);
    (await acquireEngineLock(file, silentLogger)).release();
  });

  it('is refused while another process holds it, and taken over when that was killed', async () => {
    const holder = await startHolder();
    expect(await tryToHold(holder)).toBe('held');
    await expect(acquireEngineLock(file, silentLogger)).rejects.toMatchObject({
      code: 'workspace/in-use',
      data: { pid: holder.pid },
    });
    await killed(holder);
    expect(existsSync(file)).toBe(true);
    (await acquireEngineLock(file, silentLogger)).release();
  });

  it('is taken over where its process number belongs to another process now', async () => {
    const other = await startHolder();
    const start = { kind: 'boot', boot: 'an-earlier-boot', ticks: '1' };
    writeLock(JSON.stringify({ pid: other.pid, start, nonce: 'n' }));
    (await acquireEngineLock(file, silentLogger)).release();
  });

  it.each(['', '{"pid":', '[]', '{"pid":-1}', '\0\0\0'])(
    'is taken over where a power cut left "%s" of it',
    async (text) => {
      writeLock(text);
      (await acquireEngineLock(file, silentLogger)).release();
    },
  );

  it('released late does not free the lock of who took it over', async () => {
    const first = await acquireEngineLock(file, silentLogger);
    rmSync(file);
    const second = await acquireEngineLock(file, silentLogger);
    const text = readFileSync(file, 'utf8');
    first.release();
    expect(readFileSync(file, 'utf8')).toBe(text);
    second.release();
  });

  it('left by a dead engine goes to exactly one of many that want it', async () => {
    const holder = await startHolder();
    await tryToHold(holder);
    await killed(holder);
    const rivals = await Promise.all([1, 2, 3, 4].map(startHolder));
    const answers = await Promise.all(rivals.map(tryToHold));
    expect(answers.toSorted()).toEqual([
      'held',
      'workspace/in-use',
      'workspace/in-use',
      'workspace/in-use',
    ]);
  });
});

describe('when a process began', () => {
  it('is the same as seen by itself and by another', async () => {
    const own = await ownStart();
    const seen = await stateOf(process.pid);
    expect(seen.kind).toBe('running');
    expect(seen.kind === 'running' && sameStart(seen.start, own)).toBe(true);
  });

  it('differs for another process', async () => {
    const child = await startHolder();
    const seen = await stateOf(child.pid ?? 0);
    expect(seen.kind === 'running' && sameStart(seen.start, await ownStart())).toBe(false);
    await killed(child);
    expect(await stateOf(child.pid ?? 0)).toEqual({ kind: 'gone' });
  });

  it('is compared within its own kind only', () => {
    const boot = { kind: 'boot', boot: 'b', ticks: '7' } as const;
    expect(sameStart(boot, { ...boot })).toBe(true);
    expect(sameStart(boot, { ...boot, ticks: '8' })).toBe(false);
    expect(sameStart(boot, { kind: 'clock', ms: 7 })).toBe(false);
    expect(sameStart({ kind: 'clock', ms: 10_000 }, { kind: 'clock', ms: 14_000 })).toBe(true);
    expect(sameStart({ kind: 'clock', ms: 10_000 }, { kind: 'clock', ms: 16_000 })).toBe(false);
  });
});

function writeLock(text: string): void {
  const folder = join(dir, 'w');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(file, text);
}
