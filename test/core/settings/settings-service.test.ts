import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settings, type SettingKey } from '../../../src-contract/settings.ts';
import { SettingsService } from '../../../src-main/core/settings/settings-service.ts';
import { ChangeBus } from '../../../src-main/core/shared/change-bus.ts';
import { systemClock } from '../../../src-main/core/shared/clock.ts';
import { silentLogger } from '../../../src-main/core/shared/logger.ts';

let dir: string;
let file: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'carrel-settings-'));
  file = join(dir, 'config.json');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function open(bus = new ChangeBus()): Promise<SettingsService> {
  return SettingsService.open({ file, bus, clock: systemClock, logger: silentLogger });
}

const stored = (): unknown => JSON.parse(readFileSync(file, 'utf8'));
const aside = (): string[] => readdirSync(dir).filter((name) => name.includes('.invalid-'));
const defaults = settings().parse({});

describe('a sound file', () => {
  it('is not needed: defaults count and nothing is written', async () => {
    const service = await open();
    expect(service.values).toEqual(defaults);
    expect(service.problems).toEqual([]);
    expect(readdirSync(dir)).toEqual([]);
  });

  it('keeps a change, 0600, and tells it', async () => {
    const bus = new ChangeBus();
    const topics: string[] = [];
    bus.subscribe((topic) => topics.push(topic));
    const service = await open(bus);
    const values = await service.set('appearance.theme', 'dark');
    expect(values['appearance.theme']).toBe('dark');
    expect(service.values).toEqual(values);
    expect(topics).toEqual(['settings']);
    expect(stored()).toEqual({ 'appearance.theme': 'dark' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await open()).values['appearance.theme']).toBe('dark');
  });

  it('keeps null as a value, and every change of several at once', async () => {
    const service = await open();
    await Promise.all([
      service.set('chat.route', 'local/model'),
      service.set('onboarding.done', true),
      service.set('log.level', 'debug'),
    ]);
    await service.set('chat.route', null);
    expect((await open()).values).toEqual({
      ...defaults,
      'chat.route': null,
      'onboarding.done': true,
      'log.level': 'debug',
    });
  });

  it('keeps what it does not know, also what somebody adds while Carrel runs', async () => {
    writeFileSync(file, JSON.stringify({ 'later.thing': { deep: [1, { a: null }] } }));
    const service = await open();
    await service.set('onboarding.done', true);
    const now = stored() as Record<string, unknown>;
    writeFileSync(file, JSON.stringify({ ...now, other: 1, 'log.level': 'warn' }));
    const values = await service.set('appearance.theme', 'light');
    expect(values['log.level']).toBe('warn');
    expect(stored()).toEqual({
      'later.thing': { deep: [1, { a: null }] },
      'onboarding.done': true,
      other: 1,
      'log.level': 'warn',
      'appearance.theme': 'light',
    });
    expect(service.problems).toEqual([]);
  });

  it('with a byte order mark is read', async () => {
    writeFileSync(file, `\uFEFF{"log.level":"error"}`);
    expect((await open()).values['log.level']).toBe('error');
  });
});

describe('a value that is not allowed', () => {
  it.each([
    ['appearance.theme', 'blue'],
    ['onboarding.done', 'yes'],
    ['log.level', null],
    ['format', 2],
    ['chat.route', ''],
  ] as const)('is refused: %s = %j', async (key, value) => {
    const service = await open();
    await expect(service.set(key, value)).rejects.toMatchObject({ code: 'settings/invalid-value' });
    expect(service.values).toEqual(defaults);
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe('a broken file', () => {
  it.each([
    ['empty', ''],
    ['cut off', '{"log.level": "wa'],
    ['not an object', '[1]'],
    ['a word', 'null'],
    ['binary', '\u0000\u0001'],
    ['too large', `{"a":"${'x'.repeat(1024 * 1024)}"}`],
  ])('that is %s is kept aside and told until the next start', async (_name, text) => {
    writeFileSync(file, text);
    const service = await open();
    expect(service.values).toEqual(defaults);
    expect(service.problems).toMatchObject([{ code: 'settings/unparsable' }]);
    expect(aside()).toHaveLength(1);
    expect(readFileSync(join(dir, aside()[0] ?? ''), 'utf8')).toBe(text);
    await service.set('onboarding.done', true);
    expect(service.problems).toHaveLength(1);
    const next = await open();
    expect(next.problems).toEqual([]);
    expect(next.values['onboarding.done']).toBe(true);
  });

  it('with one invalid value keeps the valid and the unknown ones', async () => {
    const text = JSON.stringify({ 'log.level': 'loud', 'appearance.theme': 'dark', x: 1 });
    writeFileSync(file, text);
    const service = await open();
    expect(service.values).toEqual({ ...defaults, 'appearance.theme': 'dark' });
    expect(service.problems).toMatchObject([
      { code: 'settings/invalid-value', message: expect.stringContaining('log.level') },
    ]);
    expect(readFileSync(join(dir, aside()[0] ?? ''), 'utf8')).toBe(text);
    expect(stored()).toEqual({ 'appearance.theme': 'dark', x: 1 });
    expect((await open()).problems).toEqual([]);
  });

  it('broken while Carrel runs is kept aside and told; the change is stored', async () => {
    const service = await open();
    await service.set('appearance.theme', 'dark');
    writeFileSync(file, '{oops');
    await service.set('onboarding.done', true);
    expect(service.problems).toMatchObject([{ code: 'settings/unparsable' }]);
    expect(aside()).toHaveLength(1);
    expect((await open()).values).toMatchObject({
      'onboarding.done': true,
      'appearance.theme': 'dark',
    });
  });

  it('of a newer Carrel is used, never written', async () => {
    const text = JSON.stringify({ format: 2, 'log.level': 'warn', 'new.key': true });
    writeFileSync(file, text);
    const service = await open();
    expect(service.values['log.level']).toBe('warn');
    expect(service.problems).toMatchObject([{ code: 'settings/from-future' }]);
    await expect(service.set('log.level', 'info')).rejects.toMatchObject({
      code: 'settings/not-writable',
    });
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('that can not be read at all is told, and nothing is stored', async () => {
    mkdirSync(file);
    const service = await open();
    expect(service.problems).toMatchObject([{ code: 'settings/unreadable' }]);
    await expect(service.set('log.level', 'warn')).rejects.toMatchObject({
      code: 'settings/not-writable',
    });
  });

  it('is only looked at by validate', async () => {
    const service = await open();
    expect(await service.validate()).toEqual([]);
    writeFileSync(file, '{"log.level":1}');
    chmodSync(file, 0o600);
    expect(await service.validate()).toMatchObject([{ code: 'settings/invalid-value' }]);
    expect(aside()).toEqual([]);
    writeFileSync(file, '{');
    expect(await service.validate()).toMatchObject([{ code: 'settings/unparsable' }]);
    expect(readFileSync(file, 'utf8')).toBe('{');
  });
});

describe('whatever is in the file', () => {
  it('gives valid settings, and is there afterwards or aside', async () => {
    const keys = settings().keyof().options as readonly SettingKey[];
    const name = fc.oneof(fc.constantFrom(...keys), fc.constant('__proto__'), fc.string());
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, fc.jsonValue()), async (object) => {
        for (const old of readdirSync(dir)) rmSync(join(dir, old));
        const text = JSON.stringify(object);
        writeFileSync(file, text);
        const service = await open();
        expect(settings().safeParse(service.values).success).toBe(true);
        expect(Object.getPrototypeOf(service.values)).toBe(Object.prototype);
        const kept = [file, ...aside().map((left) => join(dir, left))];
        expect(kept.some((path) => readFileSync(path, 'utf8') === text)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
