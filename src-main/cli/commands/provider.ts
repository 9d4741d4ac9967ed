import type { Command } from 'commander';
import { AppError } from '../../../src-contract/app-error.ts';
import type { Provider } from '../../../src-contract/providers.ts';
import { action, eachValue, type CommandContext } from '../context.ts';
import { readSecret } from '../stdin.ts';

interface AddOptions {
  readonly baseUrl: string;
  readonly keyStdin?: boolean;
  readonly model?: string[];
}

export function providerCommands(program: Command): void {
  const group = program.command('provider').description('endpoints that answer questions');
  group
    .command('add <id>')
    .description('add a provider or change one')
    .requiredOption('--base-url <url>', 'base URL, such as http://127.0.0.1:11434/v1')
    .option('--key-stdin', 'read the key from standard input')
    .option(
      '--model <name>',
      'a model to offer, may be repeated; asked from the endpoint without it',
      eachValue,
    )
    .action(action(add));
  group.command('list').description('providers and their state').action(action(list));
  group.command('test <id>').description('ask a provider for its models').action(action(test));
  group.command('remove <id>').description('remove a provider and its key').action(action(remove));
}

async function add(
  { session, out }: CommandContext,
  id: string,
  options: AddOptions,
): Promise<void> {
  const key = options.keyStdin ? await readSecret() : undefined;
  const engine = await session();
  const provider = await engine.call('providers.add', {
    id,
    baseUrl: options.baseUrl,
    ...(key ? { key } : {}),
    ...(options.model ? { models: options.model } : {}),
  });
  out.result({ providers: [told(provider)] }, () => [line(provider)]);
}

async function list({ session, out }: CommandContext): Promise<void> {
  const engine = await session();
  const { providers } = await engine.call('providers.list', {});
  out.result({ providers: providers.map(told) }, () =>
    providers.length > 0
      ? providers.map(line)
      : ['No provider yet. Library reader answers offline.'],
  );
}

async function test({ session, out }: CommandContext, id: string): Promise<void> {
  const engine = await session();
  const provider = await engine.call('providers.test', { id });
  if (provider.error) throw AppError.fromShape(provider.error);
  out.result({ providers: [told(provider)], ms: provider.testMs }, () => [line(provider)]);
}

async function remove({ session, out }: CommandContext, id: string): Promise<void> {
  const engine = await session();
  await engine.call('providers.remove', { id });
  out.result({ removed: id }, () => [`Removed ${id} and its key.`]);
}

function told(provider: Provider): Record<string, unknown> {
  const { id, baseUrl, models, state } = provider;
  return { id, baseUrl, models, state };
}

function line(provider: Provider): string {
  return `${provider.id}  ${provider.baseUrl}  ${provider.state}  ${provider.models.join(', ')}`;
}
