import { readFile, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { AppError } from '../../../../src-contract/app-error.ts';
import type { Input } from '../../../../src-contract/index.ts';
import { MAX_ITEM_CHARS } from '../../../../src-contract/limits.ts';
import { action, fromWhereThePersonStands, type CommandContext } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import { answerOf, short } from './answer.ts';

type Take = Input<'library.resolve'>['take'];

/** UTF-8 takes up to four bytes for a character of a document, three for one of MAX_ITEM_CHARS. */
const MAX_FILE_BYTES = 4 * MAX_ITEM_CHARS;

interface ResolveOptions {
  readonly mine?: boolean;
  readonly theirs?: boolean;
  readonly file?: string;
}

/** `conflicts`, `resolve`. */
export function libraryConflictCommands(group: Command): void {
  group
    .command('conflicts')
    .description('items changed here and by the team; exit 4 where there are any')
    .action(action(conflicts));
  group
    .command('resolve <item>')
    .description('end a conflict; what is not taken goes to the trash')
    .option('--mine', 'keep what is here')
    .option('--theirs', "take the team's")
    .option('--file <file>', 'take the text of this file')
    .action(action(resolve));
}

async function conflicts({ session, out }: CommandContext): Promise<number> {
  const engine = await session();
  const told = await engine.call('library.status', {});
  const { conflicts: found } = await engine.call('library.conflicts', {});
  const answer = await answerOf(engine, told, { state: told.state.kind, changed: [] });
  out.result({ ...answer, conflicts: found }, () =>
    found.length === 0
      ? ['No conflict.']
      : found.map(
          ({ path, kind, mine, theirs }) =>
            `${path}  ${kind}  here ${sized(mine)}, team ${sized(theirs)}`,
        ),
  );
  return found.length > 0 ? EXIT.decision : EXIT.ok;
}

async function resolve(
  { session, out }: CommandContext,
  item: string,
  options: ResolveOptions,
): Promise<void> {
  const take = await chosen(options);
  const engine = await session();
  const told = await engine.call('library.resolve', { path: item, take });
  await engine.settled();
  const answer = await answerOf(engine, told, { state: told.state.kind, changed: [] });
  out.result({ ...answer }, () => [
    `Resolved ${item}, version ${short(told.version)}.`,
    told.conflicts > 0
      ? `${told.conflicts} more: carrel library conflicts`
      : 'No conflict is left: carrel library publish -m MSG sends it.',
  ]);
}

async function chosen({ mine, theirs, file }: ResolveOptions): Promise<Take> {
  const given = [mine, theirs, file].filter((one) => one !== undefined);
  if (given.length !== 1) throw oneOfThree();
  if (mine) return { kind: 'mine' };
  if (theirs) return { kind: 'theirs' };
  return { kind: 'text', text: await readText(fromWhereThePersonStands(file ?? '')) };
}

async function readText(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) throw tooLarge(path);
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('usage/unreadable-file', `${path} can't be read.`, {
      remedy: 'Check the path and the rights of the file.',
      cause: error,
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new AppError('usage/not-text', `${path} is not text in UTF-8.`, {
      remedy: 'Take one side with --mine or --theirs.',
      cause: error,
    });
  }
}

function sized(side: { readonly size: number } | null): string {
  return side ? `${side.size} bytes` : 'none';
}

function oneOfThree(): AppError {
  return new AppError('usage/invalid', 'Say what to keep, in one way.', {
    remedy: 'carrel library resolve ITEM --mine, --theirs or --file F',
  });
}

function tooLarge(path: string): AppError {
  return new AppError('usage/file-too-large', `${path} is too large for an item.`, {
    remedy: 'Take one side with --mine or --theirs.',
  });
}
