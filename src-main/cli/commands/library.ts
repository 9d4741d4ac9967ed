import type { Command } from 'commander';
import type { ItemKind, LibraryEvent } from '../../../src-contract/library.ts';
import { AppError } from '../../../src-contract/app-error.ts';
import { action, type CommandContext } from '../context.ts';

export function libraryCommands(program: Command): void {
  const group = program
    .command('library')
    .description("the team's prompts, agents, skills and knowledge");
  group.command('status').description('state and version').action(action(status));
  group.command('update').description('take what is new').action(action(update));
  group.command('log').description('versions, newest first').action(action(log));
  group
    .command('items')
    .description('what is in it')
    .option('--kind <kind>', 'prompt, agent, skill, knowledge, template, policy')
    .action(action(items));
}

async function status({ session, out }: CommandContext): Promise<void> {
  const engine = await session();
  const told = await engine.call('library.status', {});
  const { state, ...rest } = told;
  out.result({ state: state.kind, ...rest, conflicts: [], quarantined: [] }, () => [
    told.version
      ? `${told.name}, version ${told.version.slice(0, 10)}, ${told.items} items, ${told.edited} edited here, ${told.trust}`
      : 'No library yet: carrel init',
  ]);
}

async function update({ session, out }: CommandContext): Promise<void> {
  const engine = await session();
  let done: Extract<LibraryEvent, { type: 'done' }> | null = null;
  await engine.stream('library.update', {}, (event) => {
    if (event.type === 'progress') out.progress(event.phase, event.done, event.total);
    else done = event;
  });
  await engine.settled();
  const { summary } = finished(done);
  if (!summary) throw new Error('the engine ended without a summary');
  out.result({ ...summary, conflicts: [], quarantined: [] }, () => [
    `${summary.state}, version ${summary.version.slice(0, 10)}`,
    ...summary.changed.map((one) => `${one.change}  ${one.path}`),
    ...summary.kept.map((path) => `kept as you edited it  ${path}`),
  ]);
}

function finished(
  done: Extract<LibraryEvent, { type: 'done' }> | null,
): Extract<LibraryEvent, { type: 'done' }> {
  if (done) return done;
  throw new AppError('library/no-result', 'The engine ended the work without a result.', {
    remedy: 'Run the command again.',
  });
}

async function log({ session, out }: CommandContext): Promise<void> {
  const engine = await session();
  const { versions } = await engine.call('library.log', {});
  out.result({ versions }, () =>
    versions.map(
      (one) => `${one.version.slice(0, 10)}  ${new Date(one.at).toISOString()}  ${one.message}`,
    ),
  );
}

async function items(
  { session, out }: CommandContext,
  options: { kind?: ItemKind },
): Promise<void> {
  const engine = await session();
  const { items: found } = await engine.call(
    'library.items',
    options.kind ? { kind: options.kind } : {},
  );
  out.result({ items: found }, () =>
    found.map((one) => `${one.kind.padEnd(9)} ${one.path}  ${one.name}`),
  );
}
