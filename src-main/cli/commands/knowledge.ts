import type { Command } from 'commander';
import type { Input } from '../../../src-contract/index.ts';
import type { AddSummary, Collection } from '../../../src-contract/knowledge.ts';
import { action, eachValue, fromWhereThePersonStands, type CommandContext } from '../context.ts';

type Mode = 'hybrid' | 'lexical' | 'vector';

interface SearchOptions {
  readonly collection?: string[];
  readonly k: string;
  readonly mode: Mode;
}

export function knowledgeCommands(program: Command): void {
  const group = program.command('knowledge').description('documents to search and to cite');
  group
    .command('add <path...>')
    .description('add files and folders')
    .option('--collection <name>', 'its name; that of the first path without it')
    .action(action(add));
  group.command('list').description('collections').action(action(list));
  group.command('status').description('the same as list').action(action(list));
  group
    .command('remove <name>')
    .description('remove a collection; files stay')
    .action(action(remove));
  group
    .command('reindex <name>')
    .description('index what changed')
    .option('--rebuild', 'forget the index first')
    .action(action(reindex));
  group
    .command('search <query...>')
    .description('find passages')
    .option('--collection <name>', 'only in this; may be repeated', eachValue)
    .option('-k <count>', 'how many', '10')
    .option('--mode <mode>', 'lexical, hybrid or vector', 'lexical')
    .action(action(search));
  group
    .command('eval <dir>')
    .description('score retrieval on a BEIR folder')
    .action(action(evaluate));
}

async function add(
  context: CommandContext,
  paths: string[],
  options: { collection?: string },
): Promise<void> {
  await index(context, 'knowledge.add', {
    paths: paths.map(fromWhereThePersonStands),
    ...(options.collection ? { collection: options.collection } : {}),
  });
}

async function reindex(
  context: CommandContext,
  name: string,
  options: { rebuild?: boolean },
): Promise<void> {
  await index(context, 'knowledge.reindex', {
    collection: name,
    rebuild: options.rebuild ?? false,
  });
}

async function index(
  { session, out }: CommandContext,
  route: 'knowledge.add' | 'knowledge.reindex',
  input: Input<'knowledge.add'> | Input<'knowledge.reindex'>,
): Promise<void> {
  const engine = await session();
  let summary: AddSummary | null = null;
  await engine.stream(route, input, (event) => {
    if (event.type === 'progress') out.progress('Indexing', event.done, event.total);
    else if (event.type === 'done') summary = event.summary;
    else if (event.state === 'failed') out.note(`${event.path}: ${event.error?.message ?? ''}`);
  });
  const told = summary as AddSummary | null;
  if (!told) throw new Error('the engine ended without a summary');
  out.result({ ...told }, () => [
    `${told.collection}: ${told.files.indexed} indexed, ${told.files.unchanged} unchanged, ` +
      `${told.files.skipped} skipped, ${told.files.failed.length} failed, ${told.chunks} passages`,
  ]);
}

async function list({ session, out }: CommandContext): Promise<void> {
  const engine = await session();
  const { collections } = await engine.call('knowledge.collections', {});
  out.result({ collections: collections.map(told) }, () =>
    collections.length > 0
      ? collections.map(
          (one) => `${one.name}  ${one.files} files  ${one.chunks} passages  ${one.state}`,
        )
      : ['No collection yet: carrel knowledge add FOLDER'],
  );
}

function told({ name, files, chunks, bytes, state }: Collection): Record<string, unknown> {
  return { name, files, chunks, bytes, state };
}

async function remove({ session, out }: CommandContext, name: string): Promise<void> {
  const engine = await session();
  const { files } = await engine.call('knowledge.remove', { collection: name });
  out.result({ removed: name, files }, () => [
    `Removed ${name}. Files on disk are where they were.`,
  ]);
}

async function search(
  { session, out }: CommandContext,
  words: string[],
  options: SearchOptions,
): Promise<void> {
  const engine = await session();
  const { ms, results } = await engine.call('knowledge.search', {
    query: words.join(' '),
    k: Number(options.k),
    mode: options.mode,
    ...(options.collection ? { collections: options.collection } : {}),
  });
  out.result({ ms, results: results.map(({ marks: _, ...result }) => result) }, () =>
    results.flatMap((one) => [
      out.strong(`${one.rank}. ${one.path}, lines ${one.startLine} to ${one.endLine}`),
      one.text,
      '',
    ]),
  );
}

async function evaluate({ session, out }: CommandContext, dir: string): Promise<void> {
  const engine = await session();
  const score = await engine.call('knowledge.eval', { dir: fromWhereThePersonStands(dir) });
  out.result({ ...score }, () =>
    Object.entries(score).map(([name, value]) => `${name.padEnd(10)} ${value}`),
  );
}
