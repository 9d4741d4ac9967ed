import type { Command } from 'commander';
import type { ConversationSummary } from '../../../src-contract/chat.ts';
import { action, type CommandContext } from '../context.ts';

export function conversationCommands(program: Command): void {
  const group = program.command('conversation').description('what was asked and answered');
  group.command('list').description('newest first').action(action(list));
  group.command('show <id>').description('one conversation, all branches').action(action(show));
  group
    .command('search <query...>')
    .description('find words in all messages')
    .action(action(search));
  group.command('delete <id>').description('delete a conversation').action(action(remove));
}

/** Most conversations that one page of the engine gives. */
const PAGE = 200;

async function list({ session, out }: CommandContext): Promise<void> {
  const engine = await session();
  const all: ConversationSummary[] = [];
  let before: number | undefined;
  for (;;) {
    const { conversations, total } = await engine.call('chat.conversations', {
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    });
    all.push(...conversations);
    before = conversations.at(-1)?.updatedAt;
    if (all.length >= total || conversations.length < PAGE) break;
  }
  out.result({ conversations: all }, () =>
    all.map((one) => `${one.id}  ${new Date(one.updatedAt).toISOString()}  ${one.title}`),
  );
}

async function show({ session, out }: CommandContext, id: string): Promise<void> {
  const engine = await session();
  const conversation = await engine.call('chat.conversation', { id });
  out.result({ conversation }, () =>
    conversation.messages.flatMap((one) => [
      out.strong(one.role === 'user' ? 'You' : (one.used?.agent ?? one.used?.route ?? 'Answer')),
      one.text,
      '',
    ]),
  );
}

async function search({ session, out }: CommandContext, words: string[]): Promise<void> {
  const engine = await session();
  const { hits, ms } = await engine.call('chat.search', { query: words.join(' ') });
  const shown = hits.map((hit) => ({
    ...hit,
    snippet: hit.snippet.replaceAll(/[\uE000\uE001]/g, ''),
  }));
  out.result({ ms, hits: shown }, () =>
    shown.map((hit) => `${hit.conversationId}  ${hit.title}: ${hit.snippet}`),
  );
}

async function remove({ session, out }: CommandContext, id: string): Promise<void> {
  const engine = await session();
  await engine.call('chat.delete', { id });
  out.result({ deleted: id }, () => [`Deleted ${id}.`]);
}
