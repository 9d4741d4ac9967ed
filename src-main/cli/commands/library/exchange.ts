import type { Command } from 'commander';
import type { Input } from '../../../../src-contract/index.ts';
import { action, fromWhereThePersonStands, type CommandContext } from '../../context.ts';

type Format = Input<'library.export'>['to'];

/** `export`, `import`. */
export function libraryExchangeCommands(group: Command): void {
  group
    .command('export <dir>')
    .description('write it for another program')
    .requiredOption('--to <program>', 'claude, vscode, cursor or agents')
    .action(action(exportTo));
  group
    .command('import <path>')
    .description("bring another program's agents, prompts and skills in, as edits")
    .action(action(importFrom));
}

async function exportTo(
  { session, out }: CommandContext,
  dir: string,
  { to }: { to: Format },
): Promise<void> {
  const engine = await session();
  const done = await engine.call('library.export', { to, dir: fromWhereThePersonStands(dir) });
  out.result({ ...done }, () => lines(done));
}

async function importFrom({ session, out }: CommandContext, path: string): Promise<void> {
  const engine = await session();
  const done = await engine.call('library.import', { from: fromWhereThePersonStands(path) });
  await engine.settled();
  out.result({ ...done }, () => lines(done));
}

function lines(done: { readonly written: readonly string[]; readonly lost: readonly string[] }) {
  return [
    ...done.written.map((path) => `wrote ${path}`),
    ...done.lost.map((what) => `not carried over: ${what}`),
    ...(done.written.length + done.lost.length === 0 ? ['Nothing to do.'] : []),
  ];
}
