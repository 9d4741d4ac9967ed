import type { Command } from 'commander';
import type { Input } from '../../../../src-contract/index.ts';
import type { ItemKind, TrashEntry } from '../../../../src-contract/library.ts';
import { action, type CommandContext } from '../../context.ts';

type NewKind = Input<'library.create'>['kind'];

/** `items`, `create`, `rename`, `remove`, `discard`, `trash`, `restore`. */
export function libraryItemCommands(group: Command): void {
  group
    .command('items')
    .description('what is in it')
    .option('--kind <kind>', 'prompt, agent, skill, knowledge, template, policy, other')
    .action(action(items));
  group
    .command('create <kind> <name>')
    .description('a new prompt, agent, skill or knowledge document')
    .option('--collection <name>', 'of a document')
    .action(action(create));
  group
    .command('rename <item> <to>')
    .description('give an item another path')
    .action(action(rename));
  group.command('remove <item>').description('move an item to the trash').action(action(remove));
  group
    .command('discard <item>')
    .description('take an item back to the version that is here')
    .action(action(discard));
  group.command('trash').description('what was taken out').action(action(trash));
  group
    .command('restore <id>')
    .description('put something from the trash back')
    .action(action(restore));
}

async function items(
  { session, out }: CommandContext,
  { kind }: { kind?: ItemKind },
): Promise<void> {
  const engine = await session();
  const { items: found } = await engine.call('library.items', kind ? { kind } : {});
  out.result({ items: found }, () =>
    found.map(
      (one) =>
        `${one.kind.padEnd(9)} ${one.path}  ${one.name}` +
        (one.state === 'clean' ? '' : `  (${one.state})`),
    ),
  );
}

async function create(
  { session, out }: CommandContext,
  kind: NewKind,
  name: string,
  { collection }: { collection?: string },
): Promise<void> {
  const engine = await session();
  const written = await engine.call('library.create', {
    kind,
    name,
    ...(collection === undefined ? {} : { collection }),
  });
  await engine.settled();
  out.result({ ...written }, () => [`Made ${written.path}`]);
}

async function rename({ session, out }: CommandContext, from: string, to: string): Promise<void> {
  const engine = await session();
  const written = await engine.call('library.rename', { from, to });
  await engine.settled();
  out.result({ ...written }, () => [`${from} is now ${written.path}`]);
}

async function remove({ session, out }: CommandContext, path: string): Promise<void> {
  const engine = await session();
  const { trashed } = await engine.call('library.remove', { path });
  await engine.settled();
  out.result({ trashed }, () => trashLines(trashed));
}

async function discard({ session, out }: CommandContext, path: string): Promise<void> {
  const engine = await session();
  const { trashed } = await engine.call('library.discard', { path });
  await engine.settled();
  out.result({ trashed }, () => [`${path} is as in the version again.`, ...trashLines(trashed)]);
}

async function trash({ session, out }: CommandContext): Promise<void> {
  const engine = await session();
  const { entries } = await engine.call('library.trash', {});
  out.result({ entries }, () =>
    entries.length === 0
      ? ['The trash is empty.']
      : entries.map(
          ({ id, at, why, size }) => `${id}  ${new Date(at).toISOString()}  ${why}  ${size} bytes`,
        ),
  );
}

async function restore({ session, out }: CommandContext, id: string): Promise<void> {
  const engine = await session();
  const written = await engine.call('library.restore', { id });
  await engine.settled();
  out.result({ ...written }, () => [`Restored ${written.path}`]);
}

function trashLines(trashed: readonly TrashEntry[]): string[] {
  return trashed.map(({ id, path }) => `In the trash: ${path} (carrel library restore ${id})`);
}
