import type { Command } from 'commander';
import type { ChatEvent } from '../../../src-contract/chat.ts';
import type { Citation } from '../../../src-contract/common.ts';
import { action, eachValue, type CommandContext } from '../context.ts';

interface ChatOptions {
  readonly route?: string;
  readonly agent?: string;
  readonly collection?: string[];
  readonly conversation?: string;
  readonly stream: boolean;
}

export function chatCommand(program: Command): void {
  program
    .command('chat <message...>')
    .description('ask a question')
    .option('--route <id/model>', 'who answers; library-reader needs no model')
    .option('--agent <name>', 'an agent of the library')
    .option('--collection <name>', 'a collection to look into; may be repeated', eachValue)
    .option('--conversation <id>', 'go on with a conversation')
    .option('--no-stream', 'print the answer when it is whole')
    .action(action(chat, { streaming: true }));
}

async function chat(
  { session, out }: CommandContext,
  words: string[],
  options: ChatOptions,
): Promise<void> {
  const engine = await session();
  const input = {
    text: words.join(' '),
    ...(options.route ? { route: options.route } : {}),
    ...(options.agent ? { agent: options.agent } : {}),
    ...(options.collection ? { collections: options.collection } : {}),
    ...(options.conversation ? { conversationId: options.conversation } : {}),
  };
  const answer = new Answer();
  await engine.stream('chat.send', input, (event) => {
    answer.take(event);
    if (!options.stream) return;
    if (out.json) {
      if (event.type !== 'started') out.event(event);
    } else if (event.type === 'delta') out.text(event.text);
    else if (event.type === 'step') out.note(event.text);
  });
  if (options.stream && out.json) return;
  if (!options.stream) {
    out.result({ text: answer.text, citations: answer.citations, ...answer.done }, () => [
      answer.text,
      ...answer.sources(),
    ]);
    return;
  }
  out.text('\n');
  for (const source of answer.sources()) out.text(`${source}\n`);
}

class Answer {
  text = '';
  readonly citations: Citation[] = [];
  done: Record<string, unknown> = {};

  take(event: ChatEvent): void {
    switch (event.type) {
      case 'delta':
        this.text += event.text;
        return;
      case 'citation': {
        const { type: _, ...citation } = event;
        this.citations.push(citation);
        return;
      }
      case 'done': {
        const { type: _, ...done } = event;
        this.done = done;
        return;
      }
      case 'started':
      case 'step':
        return;
    }
  }

  sources(): string[] {
    return this.citations.map(
      ({ n, path, startLine, endLine }) => `[${n}] ${path}, lines ${startLine} to ${endLine}`,
    );
  }
}
