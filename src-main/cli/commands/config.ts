import type { Command } from 'commander';
import { AppError } from '../../../src-contract/app-error.ts';
import type { SettingKey } from '../../../src-contract/settings.ts';
import { action, type CommandContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';

export function configCommands(program: Command): void {
  const group = program.command('config').description('settings');
  group.command('get [key]').description('all settings, or one').action(action(get));
  group.command('set <key> <value>').description('change one').action(action(set));
  group.command('validate').description('what is wrong with the file').action(action(validate));
}

async function get({ session, out }: CommandContext, key: string | undefined): Promise<void> {
  const engine = await session();
  const { values } = await engine.call('settings.get', {});
  if (key === undefined) {
    out.result({ value: values }, () =>
      Object.entries(values).map(([name, value]) => `${name} = ${JSON.stringify(value)}`),
    );
    return;
  }
  if (!Object.hasOwn(values, key)) throw unknownKey(key, Object.keys(values));
  const value = values[key as SettingKey];
  out.result({ value }, () => [JSON.stringify(value)]);
}

async function set({ session, out }: CommandContext, key: string, text: string): Promise<void> {
  const engine = await session();
  const { values } = await engine.call('settings.get', {});
  if (!Object.hasOwn(values, key)) throw unknownKey(key, Object.keys(values));
  const value = parse(text);
  const changed = await engine.call('settings.set', { key: key as SettingKey, value });
  const now = changed.values[key as SettingKey];
  out.result({ value: now }, () => [`${key} = ${JSON.stringify(now)}`]);
}

async function validate({ session, out }: CommandContext): Promise<number> {
  const engine = await session();
  const { problems } = await engine.call('settings.get', {});
  out.result({ problems }, () =>
    problems.length > 0 ? problems.map((one) => `${one.message} ${one.remedy}`) : ['No problems.'],
  );
  return problems.length > 0 ? EXIT.failed : EXIT.ok;
}

/** `true`, `false`, `null` and numbers are what they look like, everything else is text. */
function parse(text: string): string | number | boolean | null {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'null') return null;
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function unknownKey(key: string, known: readonly string[]): AppError {
  return new AppError('usage/unknown-setting', `There is no setting "${key}".`, {
    remedy: `Settings: ${known.join(', ')}.`,
  });
}
