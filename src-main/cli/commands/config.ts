import type { Command } from 'commander';
import { AppError } from '../../../src-contract/app-error.ts';
import type { SettingKey } from '../../../src-contract/settings.ts';
import { action, fromWhereThePersonStands, type CommandContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { readSettingsFile, writeSettingsFile } from '../settings-file.ts';

export function configCommands(program: Command): void {
  const group = program.command('config').description('settings');
  group.command('get [key]').description('all settings, or one').action(action(get));
  group.command('set <key> <value>').description('change one').action(action(set));
  group.command('validate').description('what is wrong with the file').action(action(validate));
  group
    .command('migrate')
    .description("bring the file to this version's format")
    .action(action(migrate));
  group.command('export <file>').description('write all settings to a file').action(action(save));
  group.command('import <file>').description('take settings from a file').action(action(load));
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

/** There is one format so far: opening the engine has put aside and told what does not fit it. */
async function migrate({ session, out }: CommandContext): Promise<number> {
  const engine = await session();
  const { values, problems } = await engine.call('settings.get', {});
  out.result({ value: { format: values.format }, problems }, () => [
    `The file has format ${values.format}, the newest.`,
    ...problems.map((one) => `${one.message} ${one.remedy}`),
  ]);
  return problems.length > 0 ? EXIT.failed : EXIT.ok;
}

async function save({ session, out }: CommandContext, file: string): Promise<void> {
  const engine = await session();
  const { values } = await engine.call('settings.get', {});
  const sorted = Object.fromEntries(
    Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
  const target = fromWhereThePersonStands(file);
  await writeSettingsFile(target, sorted);
  out.result({ value: sorted, file: target }, () => [`Wrote ${target}`]);
}

async function load({ session, out }: CommandContext, file: string): Promise<void> {
  const wanted = await readSettingsFile(fromWhereThePersonStands(file));
  const engine = await session();
  let { values } = await engine.call('settings.get', {});
  const changed = wanted.filter(({ key, value }) => values[key] !== value);
  for (const { key, value } of changed) {
    ({ values } = await engine.call('settings.set', { key, value }));
  }
  const keys = changed.map(({ key }) => key);
  out.result({ value: values, changed: keys }, () =>
    keys.length > 0 ? keys.map((key) => `${key} = ${JSON.stringify(values[key])}`) : ['No change.'],
  );
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
