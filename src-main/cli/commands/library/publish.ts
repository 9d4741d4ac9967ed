import type { Command } from 'commander';
import type { Input } from '../../../../src-contract/index.ts';
import type { PublishEvent } from '../../../../src-contract/library.ts';
import { action, type CommandContext } from '../../context.ts';
import {
  answerOf,
  changeLines,
  exitOf,
  finished,
  short,
  waitingLines,
  waitsLine,
} from './answer.ts';
import { atTheDoor } from './at-the-door.ts';
import { versionOf } from './version-of.ts';

type Done = Extract<PublishEvent, { type: 'done' }>;

/** `preview`, `publish`, `rollback`. */
export function libraryPublishCommands(group: Command): void {
  group.command('preview').description('what publish would send').action(action(preview));
  group
    .command('publish [paths...]')
    .description('send what changed here as one version; all of it without paths')
    .requiredOption('-m, --message <text>', 'what the version is about')
    .option('--allow-deletions', 'also where it deletes much')
    .action(action(publish));
  group
    .command('rollback <version>')
    .description('a new version that is as an older one')
    .option('--item <path>', 'only this item')
    .option('--allow-deletions', 'also where it deletes much')
    .action(action(rollback));
}

async function preview({ session, out }: CommandContext): Promise<void> {
  const engine = await session();
  const { changes, queued } = await engine.call('library.preview', {});
  const told = await engine.call('library.status', {});
  const answer = await answerOf(engine, told, { state: told.state.kind, changed: changes });
  out.result({ ...answer, queued }, () => [
    ...changes.map(({ path, change, blocked }) =>
      blocked === null
        ? `${change.padEnd(8)} ${path}`
        : `${change.padEnd(8)} ${path}  left out: ${blocked}`,
    ),
    ...queued.map(({ version, message }) => `waits    ${short(version)}  ${message}`),
    ...(changes.length + queued.length === 0 ? ['Nothing changed here.'] : []),
  ]);
}

interface Allowing {
  readonly allowDeletions?: boolean;
}

async function publish(
  context: CommandContext,
  paths: string[],
  { message, allowDeletions = false }: Allowing & { message: string },
): Promise<number> {
  return send(context, 'library.publish', {
    message,
    allowDeletions,
    ...(paths.length > 0 ? { paths } : {}),
  });
}

async function rollback(
  context: CommandContext,
  given: string,
  { item, allowDeletions = false }: Allowing & { item?: string },
): Promise<number> {
  const version = await versionOf(await context.session(), given);
  return send(context, 'library.rollback', {
    version,
    allowDeletions,
    ...(item === undefined ? {} : { path: item }),
  });
}

async function send<K extends 'library.publish' | 'library.rollback'>(
  context: CommandContext,
  route: K,
  input: Input<K>,
): Promise<number> {
  const { session, out } = context;
  const engine = await session();
  const { status, summary } = await atTheDoor(context, async () => {
    let done: Done | null = null;
    await engine.stream(route, input, (event) => {
      const told = event as PublishEvent;
      if (told.type === 'progress') out.progress(told.phase, told.done, told.total);
      else done = told;
    });
    return finished<Done>(done);
  });
  await engine.settled();
  const answer = await answerOf(engine, status, {
    state: summary.state,
    changed: summary.published,
  });
  const { waitsFor, update } = summary;
  out.result({ ...answer, waitsFor, updated: update.changed, queued: status.queued }, () => [
    summary.state === 'nothing'
      ? 'Nothing to publish.'
      : `${summary.state}, version ${short(summary.version)}`,
    ...changeLines(summary.published),
    ...update.changed.map(({ path, change }) => `from the team: ${change} ${path}`),
    ...waitsLine(summary),
    ...waitingLines(answer, status),
  ]);
  return exitOf(status, summary.state === 'held');
}
