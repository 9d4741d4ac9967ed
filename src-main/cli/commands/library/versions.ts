import type { Command } from 'commander';
import type { FileDiff } from '../../../../src-contract/library.ts';
import { action, type CommandContext } from '../../context.ts';
import { answerOf, changeLines, short } from './answer.ts';
import { versionOf } from './version-of.ts';

/** `log`, `show`, `diff`. */
export function libraryVersionCommands(group: Command): void {
  group
    .command('log [item]')
    .description('versions, newest first; those that changed an item')
    .option('--limit <count>', 'how many', '50')
    .action(action(log));
  group.command('show <version>').description('one version').action(action(show));
  group
    .command('diff [item]')
    .description('what changed here against the version it was edited from')
    .option('--from <version>', 'against this version; needs an item')
    .option('--to <version>', 'of this version instead of what is here; needs an item')
    .action(action(diff));
}

async function log(
  { session, out }: CommandContext,
  item: string | undefined,
  { limit }: { limit: string },
): Promise<void> {
  const engine = await session();
  const { versions } = await engine.call('library.log', {
    limit: Number(limit),
    ...(item === undefined ? {} : { path: item }),
  });
  out.result({ versions }, () =>
    versions.map(
      ({ version, at, author, message, state }) =>
        `${short(version)}  ${new Date(at).toISOString()}  ${author}  ${message}` +
        (state === 'queued' ? '  (waits to be sent)' : ''),
    ),
  );
}

async function show({ session, out }: CommandContext, given: string): Promise<void> {
  const engine = await session();
  const version = await versionOf(engine, given);
  const { version: about, changed } = await engine.call('library.show', { version });
  out.result({ ...about, changed }, () => [
    `${about.version}  ${new Date(about.at).toISOString()}  ${about.author}`,
    about.message,
    ...changeLines(changed),
  ]);
}

async function diff(
  { session, out }: CommandContext,
  item: string | undefined,
  options: { from?: string; to?: string },
): Promise<void> {
  const engine = await session();
  const from = options.from && (await versionOf(engine, options.from));
  const to = options.to && (await versionOf(engine, options.to));
  const told = await engine.call('library.status', {});
  const paths =
    item === undefined
      ? (await engine.call('library.preview', {})).changes.map(({ path }) => path)
      : [item];
  const diffs: FileDiff[] = [];
  for (const path of paths) {
    diffs.push(
      await engine.call('library.diff', { path, ...(from && { from }), ...(to && { to }) }),
    );
  }
  const changed = diffs.flatMap(({ path, change }) =>
    change === 'same' ? [] : [{ path, change }],
  );
  const answer = await answerOf(engine, told, { state: told.state.kind, changed });
  out.result({ ...answer, diffs }, () => {
    const lines = diffs.flatMap(diffLines);
    return lines.length > 0 ? lines : ['No difference.'];
  });
}

const SIGN = { same: ' ', removed: '-', added: '+' } as const;

function diffLines({ path, change, kind, hunks, lineEnds, oldSize, newSize }: FileDiff): string[] {
  if (change === 'same') return [];
  const head = `${change} ${path}`;
  if (kind !== 'text') return [`${head}: ${kind}, ${oldSize} to ${newSize} bytes`];
  return [
    head,
    ...(lineEnds ? ['line ends differ'] : []),
    ...hunks.flatMap(({ oldStart, newStart, lines }) => [
      `@@ -${oldStart} +${newStart} @@`,
      ...lines.map(({ op, text }) => `${SIGN[op]}${text}`),
    ]),
  ];
}
