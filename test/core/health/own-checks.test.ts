import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Check } from '../../../src-contract/health.ts';
import { diskChecks, freeBytes } from '../../../src-main/core/health/disk-checks.ts';
import { engineChecks } from '../../../src-main/core/health/engine-checks.ts';
import { EventLoopWatch } from '../../../src-main/core/health/event-loop-watch.ts';
import { logChecks } from '../../../src-main/core/health/log-checks.ts';
import { bytesInWords } from '../../../src-main/core/health/make-check.ts';
import type { HealthSource } from '../../../src-main/core/health/ports.ts';
import { settingsChecks } from '../../../src-main/core/health/settings-checks.ts';
import { StoreChecks } from '../../../src-main/core/health/store-checks.ts';
import { vaultChecks } from '../../../src-main/core/health/vault-checks.ts';
import { workerChecks } from '../../../src-main/core/health/worker-checks.ts';
import { openEncrypted } from '../../../src-main/db/open.ts';
import type { VaultStatus } from '../../../src-contract/vault.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'carrel-health-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

let monotonic = 0;
const clock = { now: () => 0, monotonic: () => monotonic };

async function only(source: HealthSource): Promise<Check> {
  const checks = await source.checks();
  expect(checks).toHaveLength(1);
  return checks[0] as Check;
}

/** Whoever reads warn or fail can do something about it. */
function helps(check: Check): void {
  if (check.state !== 'ok') expect(check.remedy).toMatch(/\w/);
}

describe('the store', () => {
  it('is ok while it answers, with its size', async () => {
    const file = join(dir, 's.db');
    const db = openEncrypted(file, randomBytes(32));
    db.exec('CREATE TABLE t (a)');
    const [store, integrity] = await new StoreChecks({ db, file, clock }).checks();
    const bytes = statSync(file).size + statSync(`${file}-wal`).size;
    expect(store).toMatchObject({ id: 'store', state: 'ok', value: bytes, unit: 'bytes' });
    expect(integrity).toMatchObject({ state: 'ok', message: 'Every page is whole.' });
    db.close();
  });

  it('fails when it is closed, and says so in words', async () => {
    const file = join(dir, 's.db');
    const db = openEncrypted(file, randomBytes(32));
    db.close();
    const checks = await new StoreChecks({ db, file, clock }).checks();
    expect(checks).toMatchObject([{ state: 'fail' }, { state: 'fail' }]);
    checks.forEach(helps);
  });

  it('fails when a page on the disk gets damaged, seen when it is looked at again', async () => {
    const file = join(dir, 's.db');
    const db = openEncrypted(file, randomBytes(32));
    db.exec('CREATE TABLE t (a)');
    const insert = db.prepare('INSERT INTO t VALUES (?)');
    for (let n = 0; n < 50; n += 1) insert.run('x'.repeat(500));
    db.pragma('wal_checkpoint(TRUNCATE)');
    const source = new StoreChecks({ db, file, clock });
    monotonic = 0;
    expect((await source.checks())[1]).toMatchObject({ state: 'ok' });
    overwrite(file, statSync(file).size - 2_000);
    monotonic = 9 * 60_000;
    expect((await source.checks())[1]).toMatchObject({ state: 'ok' });
    monotonic = 10 * 60_000;
    expect((await source.checks())[1]).toMatchObject({
      id: 'store.integrity',
      state: 'fail',
      unit: 'problems',
    });
    db.close();
  });
});

describe('the vault', () => {
  const status = (slots: VaultStatus['slots']): VaultStatus => ({
    state: 'unlocked',
    slots,
    cipher: 'SQLCipher 4 (AES-256)',
    schema: 10,
    lastRotation: null,
  });

  it('warns of a key file, also beside a keychain', async () => {
    const keychain = { kind: 'os-keychain' as const, backend: 'kwallet6' };
    const file = { kind: 'key-file' as const, backend: null };
    for (const slots of [[file], [keychain, file]]) {
      const check = await only(vaultChecks({ warnings: [], status: () => status(slots) }));
      expect(check.state).toBe('warn');
      helps(check);
    }
    expect(
      await only(vaultChecks({ warnings: [], status: () => status([keychain]) })),
    ).toMatchObject({
      state: 'ok',
      message: expect.stringContaining('kwallet6'),
    });
  });

  it('tells of rights that had to be taken away', async () => {
    const slots = [{ kind: 'os-keychain' as const, backend: 'keychain' }];
    const checks = await vaultChecks({
      warnings: ['Others could read keys.json.'],
      status: () => status(slots),
    }).checks();
    expect(checks).toMatchObject([
      { state: 'ok' },
      { id: 'vault.rights', state: 'warn', value: 1 },
    ]);
  });
});

describe('settings', () => {
  it('are ok without problems, else warn with the first and how many more', async () => {
    const problem = { code: 'settings/unparsable', message: 'Bad file.', remedy: 'Fix it.' };
    expect(await only(settingsChecks({ problems: [] }))).toMatchObject({ state: 'ok' });
    expect(await only(settingsChecks({ problems: [problem, problem] }))).toMatchObject({
      state: 'warn',
      value: 2,
      message: 'Bad file. And 1 more.',
      remedy: 'Fix it.',
      action: 'open-settings',
    });
  });
});

describe('the disk', () => {
  it.each([
    [2_000_000_000, 'ok'],
    [1_999_999_999, 'warn'],
    [200_000_000, 'warn'],
    [199_999_999, 'fail'],
    [0, 'fail'],
  ])('with %d bytes free is %s', async (bytes, state) => {
    const check = await only(diskChecks(dir, () => Promise.resolve(bytes)));
    expect(check).toMatchObject({ state, value: bytes, unit: 'bytes' });
    helps(check);
  });

  it('is asked for real, and a folder that is not there is an error', async () => {
    expect(await freeBytes(dir)).toBeGreaterThan(0);
    await expect(freeBytes(join(dir, 'gone'))).rejects.toThrow('ENOENT');
  });
});

describe('the engine', () => {
  it.each([
    [50e6, 3, 'ok', 'ok'],
    [1e9, 200, 'warn', 'warn'],
    [3e9, 1_000, 'fail', 'fail'],
    [50e6, 250, 'ok', 'warn'],
  ])('with %d bytes and %d ms is %s and %s', async (bytes, p99Ms, memory, loop) => {
    const facts = { memoryBytes: () => bytes, loopDelay: () => ({ p99Ms, maxMs: p99Ms }) };
    const checks = await engineChecks(facts).checks();
    expect(checks.map(({ state }) => state)).toEqual([memory, loop]);
    checks.forEach(helps);
  });

  it('says nothing of delays before there is enough to tell', async () => {
    const checks = await engineChecks({ memoryBytes: () => 1, loopDelay: () => null }).checks();
    expect(checks[1]).toMatchObject({ state: 'ok', value: null });
  });

  it('sees a block of the loop, and that there was none', async () => {
    const watch = new EventLoopWatch();
    watch.start();
    expect(watch.read()).toBeNull();
    await expect.poll(() => watch.read(), { timeout: 30_000, interval: 200 }).not.toBeNull();
    const until = performance.now() + 700;
    while (performance.now() < until);
    await expect.poll(() => watch.read()?.maxMs ?? 0, { timeout: 30_000 }).toBeGreaterThan(500);
    expect(watch.read()?.p99Ms).toBeLessThan(10_000);
    watch.stop();
  });
});

describe('the log', () => {
  it.each([
    [0, null, 'ok'],
    [3, null, 'warn'],
    [3, 'ENOSPC', 'fail'],
  ])('with %d lines lost and problem %s is %s', async (dropped, problem, state) => {
    const check = await only(logChecks({ writer: { dropped, problem } }));
    expect(check).toMatchObject({ id: 'log', state, value: dropped });
    helps(check);
  });
});

describe('workers', () => {
  it('are told by name and state', async () => {
    monotonic = 1_000;
    const checks = await workerChecks(
      {
        git: { state: { kind: 'idle' } },
        index: { state: { kind: 'running', queued: 4 } },
        extract: { state: { kind: 'restarting', attempt: 2 } },
        merge: { state: { kind: 'braked', untilMs: 13_500 } },
      },
      clock,
    ).checks();
    expect(checks).toMatchObject([
      { id: 'worker.git', state: 'ok', value: 'idle' },
      { id: 'worker.index', state: 'ok', message: 'At work; 4 jobs wait.' },
      { id: 'worker.extract', state: 'warn' },
      { id: 'worker.merge', state: 'fail', message: expect.stringContaining('13 s') },
    ]);
    checks.forEach(helps);
  });
});

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_000, '1.0 KB'],
  [1_234_567, '1.2 MB'],
  [123_456_789, '123 MB'],
  [5e15, '5000 TB'],
])('%d bytes are %s', (bytes, words) => expect(bytesInWords(bytes)).toBe(words));

/** Another program writes into the file: four bytes that were ciphertext. */
function overwrite(file: string, at: number): void {
  const fd = openSync(file, 'r+');
  writeSync(fd, randomBytes(4), 0, 4, at);
  closeSync(fd);
}
