import { beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src-contract/default-settings.ts';
import { busy } from '../../../src-main/core/library/errors.ts';
import type { Attempt, LibraryService } from '../../../src-main/core/library/library-service.ts';
import { LibrarySyncSchedule } from '../../../src-main/core/library/library-sync-schedule.ts';
import type { LibrarySettings } from '../../../src-main/core/library/ports.ts';
import { ChangeBus } from '../../../src-main/core/shared/change-bus.ts';
import { silentLogger } from '../../../src-main/core/shared/logger.ts';
import type { Timers } from '../../../src-main/core/shared/timers.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Time that only moves when a test says so; what is due then runs in its order. */
class TestTime {
  now = Date.UTC(2026, 0, 1);
  #waiting: { at: number; run: () => void }[] = [];

  readonly timers: Timers = {
    after: (ms, run) => {
      const one = { at: this.now + ms, run };
      this.#waiting.push(one);
      return () => {
        this.#waiting = this.#waiting.filter((other) => other !== one);
      };
    },
  };

  get waiting(): number {
    return this.#waiting.length;
  }

  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      const [next] = this.#waiting.toSorted((a, b) => a.at - b.at);
      if (!next || next.at > end) break;
      this.now = Math.max(this.now, next.at);
      this.#waiting = this.#waiting.filter((other) => other !== next);
      next.run();
      // Work that was begun goes on as far as it can without more time.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.now = end;
  }
}

let time: TestTime;
let bus: ChangeBus;
let settings: LibrarySettings;
let network: string;
let remote: { url: string | null; queued: number; last: Attempt | null };
/** What the next attempts meet. */
let outcome: Attempt['outcome'] | 'busy';
let calls: { verb: string; at: number }[];
let random: number;
let schedule: LibrarySyncSchedule;

function attempt(verb: 'check' | 'update') {
  return async (): Promise<never> => {
    calls.push({ verb, at: time.now });
    if (outcome === 'busy') throw busy();
    remote = { ...remote, last: { at: time.now, outcome } };
    bus.changed('library');
    return undefined as never;
  };
}

beforeEach(() => {
  time = new TestTime();
  bus = new ChangeBus();
  settings = DEFAULT_SETTINGS;
  network = 'home';
  remote = { url: 'https://example.invalid/team.git', queued: 0, last: null };
  outcome = 'ok';
  calls = [];
  random = 0.5;
  const library: Pick<LibraryService, 'start' | 'remote' | 'check' | 'update'> = {
    start: async () => undefined,
    get remote() {
      return remote;
    },
    check: attempt('check'),
    update: attempt('update'),
  };
  schedule = new LibrarySyncSchedule({
    library,
    settings: () => settings,
    bus,
    network: () => network,
    clock: { now: () => time.now, monotonic: () => time.now },
    timers: time.timers,
    random: () => random,
    logger: silentLogger,
  });
});

describe('checks by itself', () => {
  test('some seconds after the start, then every so many minutes', async () => {
    const start = time.now;
    schedule.start();
    expect(calls).toEqual([]);
    await time.pass(46 * MINUTE);
    expect(calls.map(({ verb, at }) => [verb, at - start])).toEqual([
      ['check', 10 * SECOND],
      ['check', 10 * SECOND + 15 * MINUTE],
      ['check', 10 * SECOND + 30 * MINUTE],
      ['check', 10 * SECOND + 45 * MINUTE],
    ]);
    expect(schedule.nextCheckAt).toBe(start + 10 * SECOND + 60 * MINUTE);
  });

  test.each([
    [0, 12],
    [0.999_999, 18],
  ])('with jitter: at %d of chance after %d minutes', async (chance, minutes) => {
    random = chance;
    schedule.start();
    await time.pass(10 * SECOND);
    const planned = ((schedule.nextCheckAt ?? 0) - time.now) / MINUTE;
    expect(planned).toBeCloseTo(minutes, 3);
  });

  test('takes updates where settings say so, and where versions wait to be sent', async () => {
    schedule.start();
    await time.pass(10 * SECOND);
    settings = { ...settings, 'library.updates': 'take' };
    await time.pass(15 * MINUTE);
    settings = DEFAULT_SETTINGS;
    remote = { ...remote, queued: 1 };
    await time.pass(15 * MINUTE);
    remote = { ...remote, queued: 0 };
    await time.pass(15 * MINUTE);
    expect(calls.map(({ verb }) => verb)).toEqual(['check', 'update', 'update', 'check']);
  });

  test('a check that a person made counts', async () => {
    schedule.start();
    await time.pass(5 * SECOND);
    remote = { ...remote, last: { at: time.now, outcome: 'ok' } };
    bus.changed('library');
    await time.pass(14 * MINUTE);
    expect(calls).toEqual([]);
    await time.pass(MINUTE);
    expect(calls).toHaveLength(1);
  });

  test('a machine that slept is asked within a minute of waking up', async () => {
    schedule.start();
    await time.pass(10 * SECOND);
    // Timers stood still, the clock did not.
    time.now += 8 * 60 * MINUTE;
    await time.pass(MINUTE);
    expect(calls).toHaveLength(2);
  });

  test('a clock that was set back does not stop it', async () => {
    schedule.start();
    await time.pass(10 * SECOND);
    time.now -= 365 * 24 * 60 * MINUTE;
    bus.changed('settings');
    await time.pass(MINUTE);
    expect(calls.length).toBeGreaterThanOrEqual(2);
  });
});

describe('asks nobody', () => {
  test('where checkMinutes is 0, also while offline; and again when it is set', async () => {
    settings = { ...settings, 'library.checkMinutes': 0 };
    remote = { ...remote, last: { at: time.now, outcome: 'offline' }, queued: 3 };
    schedule.start();
    expect([schedule.nextCheckAt, time.waiting]).toEqual([null, 0]);
    network = 'train';
    await time.pass(24 * 60 * MINUTE);
    expect(calls).toEqual([]);
    settings = { ...settings, 'library.checkMinutes': 1 };
    bus.changed('settings');
    await time.pass(MINUTE);
    expect(calls.length).toBeGreaterThan(0);
  });

  test('without a remote; with one that is given later, soon', async () => {
    remote = { ...remote, url: null };
    schedule.start();
    await time.pass(60 * MINUTE);
    expect([calls, schedule.nextCheckAt, time.waiting]).toEqual([[], null, 0]);
    remote = { ...remote, url: '/team.git' };
    bus.changed('library');
    await time.pass(10 * SECOND);
    expect(calls).toHaveLength(1);
  });

  test('after it was stopped', async () => {
    schedule.start();
    schedule.stop();
    bus.changed('library');
    expect([schedule.nextCheckAt, time.waiting]).toEqual([null, 0]);
  });
});

describe('a remote that can not be reached', () => {
  test('is asked again after 30 s, twice as long each time, at most 15 minutes', async () => {
    settings = { ...settings, 'library.checkMinutes': 60 };
    outcome = 'offline';
    schedule.start();
    await time.pass(10 * SECOND + 90 * MINUTE);
    const gaps = calls.map(({ at }, n) => at - (calls[n - 1]?.at ?? at)).slice(1);
    expect(gaps.slice(0, 8).map((gap) => gap / SECOND)).toEqual([
      30, 60, 120, 240, 480, 900, 900, 900,
    ]);
  });

  test('never later than it would be asked anyway', async () => {
    settings = { ...settings, 'library.checkMinutes': 2 };
    outcome = 'offline';
    schedule.start();
    await time.pass(10 * SECOND + 30 * MINUTE);
    const gaps = calls.map(({ at }, n) => at - (calls[n - 1]?.at ?? at)).slice(1);
    expect(Math.max(...gaps)).toBe(2 * MINUTE);
  });

  test('is asked at once when the network changes', async () => {
    outcome = 'offline';
    schedule.start();
    await time.pass(10 * SECOND + (30 + 60 + 120 + 240) * SECOND);
    const before = calls.length;
    network = 'train';
    outcome = 'ok';
    await time.pass(10 * SECOND);
    expect(calls).toHaveLength(before + 1);
    // Back on: no more looks at the network.
    network = 'office';
    await time.pass(5 * MINUTE);
    expect(calls).toHaveLength(before + 1);
  });

  test('a refusal is no matter of the network: it waits its time', async () => {
    outcome = 'failed';
    schedule.start();
    await time.pass(10 * SECOND + 14 * MINUTE);
    expect(calls).toHaveLength(1);
  });
});

test('work that keeps a check from beginning does not make it spin', async () => {
  outcome = 'busy';
  schedule.start();
  await time.pass(10 * SECOND + 5 * MINUTE);
  expect(calls.length).toBeGreaterThan(5);
  expect(calls.length).toBeLessThanOrEqual(11);
  outcome = 'ok';
  await time.pass(MINUTE);
  expect(schedule.nextCheckAt).toBeGreaterThan(time.now + 10 * MINUTE);
});
