import type { Command } from 'commander';
import type { LibraryEvent } from '../../../../src-contract/library.ts';
import { action, type CommandContext } from '../../context.ts';
import { answerOf, changeLines, exitOf, finished, short, waitingLines } from './answer.ts';
import { atTheDoor } from './at-the-door.ts';

type Done = Extract<LibraryEvent, { type: 'done' }>;

/** `status`, `check`, `update`. */
export function libraryUpdateCommands(group: Command): void {
  group
    .command('status')
    .description('state, version and what changed here')
    .action(action(status));
  group
    .command('check')
    .description('look for a newer version, take nothing')
    .action(action(check));
  group
    .command('update')
    .description('take the newest version, send what waits')
    .option('--allow-deletions', 'also a version that deletes much')
    .action(action(update));
}

async function status({ session, out }: CommandContext): Promise<void> {
  const engine = await session();
  const told = await engine.call('library.status', {});
  const { changes } =
    told.version === null ? { changes: [] } : await engine.call('library.preview', {});
  const changed = changes.map(({ path, change }) => ({ path, change }));
  const answer = await answerOf(engine, told, { state: told.state.kind, changed });
  const { state, conflicts: _, quarantined: refused, ...rest } = told;
  const error = state.kind === 'failed' || state.kind === 'offline' ? { error: state.error } : {};
  out.result({ ...rest, refused, ...answer, ...error }, () =>
    told.version === null
      ? ['No library yet: carrel init', ...waitingLines(answer, told)]
      : [
          `${told.name}, ${state.kind}, version ${short(told.version)}, ${told.items} items, ${told.edited} edited here, ${told.trust}`,
          ...changeLines(changed),
          ...(told.available
            ? [`newer version ${short(told.available.version)}: carrel library update`]
            : []),
          ...waitingLines(answer, told),
        ],
  );
}

async function check(context: CommandContext): Promise<void> {
  const { session, out } = context;
  const engine = await session();
  const { status: told } = await atTheDoor(context, () => run(context, 'library.check', {}));
  const { available } = told;
  const answer = await answerOf(engine, told, {
    state: told.state.kind,
    changed: available?.changed ?? [],
  });
  out.result({ ...answer, available }, () => [
    available ? `Version ${short(available.version)} is there:` : 'Nothing new.',
    ...changeLines(available?.changed ?? []),
    ...waitingLines(answer, told),
  ]);
}

async function update(
  context: CommandContext,
  options: { allowDeletions?: boolean },
): Promise<number> {
  const { session, out } = context;
  const engine = await session();
  let done = await atTheDoor(context, () => run(context, 'library.update', {}));
  const { state } = done.status;
  if (options.allowDeletions && state.kind === 'held' && state.direction === 'update') {
    const allowed = { allowDeletions: state.version };
    done = await atTheDoor(context, () => run(context, 'library.update', allowed));
  }
  await engine.settled();
  const { status: told } = done;
  const summary = finished(done.summary);
  const answer = await answerOf(engine, told, summary);
  out.result({ ...answer, merged: summary.merged, queued: told.queued }, () => [
    `${summary.state}, version ${short(told.version)}`,
    ...changeLines(summary.changed),
    ...summary.merged.map((path) => `merged   ${path}`),
    ...waitingLines(answer, told),
  ]);
  return exitOf(told, summary.state === 'held');
}

async function run(
  { session, out }: CommandContext,
  route: 'library.check' | 'library.update',
  input: { allowDeletions?: string },
): Promise<Done> {
  const engine = await session();
  let done: Done | null = null;
  await engine.stream(route, input, (event) => {
    if (event.type === 'progress') out.progress(event.phase, event.done, event.total);
    else done = event;
  });
  return finished<Done>(done);
}
