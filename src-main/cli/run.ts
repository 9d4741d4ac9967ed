import { Command, CommanderError } from 'commander';
import { AppError } from '../../src-contract/app-error.ts';
import { PROGRAM_VERSION } from '../shell/program-version.ts';
import { chatCommand } from './commands/chat.ts';
import { configCommands } from './commands/config.ts';
import { conversationCommands } from './commands/conversation.ts';
import { healthCommands } from './commands/health.ts';
import { knowledgeCommands } from './commands/knowledge.ts';
import { libraryCommands } from './commands/library.ts';
import { providerCommands } from './commands/provider.ts';
import { serveCommand } from './commands/serve.ts';
import { workspaceCommands } from './commands/workspace.ts';
import { endQuietlyWithReader } from './end-quietly.ts';
import { EXIT } from './exit-codes.ts';
import { Output } from './output.ts';

/** Runs one command line (without node and script) and sets the exit code. */
export async function runCli(argv: readonly string[]): Promise<void> {
  endQuietlyWithReader();
  const program = new Command('carrel')
    .description('Private, encrypted chats and knowledge; a library shared through Git.')
    .version(PROGRAM_VERSION, '-V, --version')
    .option('--data-dir <dir>', 'where data lives (CARREL_DATA_DIR)')
    .option('--workspace <id>', 'which workspace', 'default')
    .option('--json', 'one JSON document on stdout; streams print one object per line')
    .option('--quiet', 'no progress, no notes')
    .option('--no-color', 'no colours')
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  for (const add of [
    workspaceCommands,
    chatCommand,
    conversationCommands,
    knowledgeCommands,
    libraryCommands,
    providerCommands,
    configCommands,
    healthCommands,
    serveCommand,
  ]) {
    add(program);
  }
  for (const command of everyCommand(program)) {
    command.exitOverride().configureOutput({ outputError: () => undefined });
  }
  if (argv.length === 0) {
    program.outputHelp();
    return;
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version are no failure; commander has printed them.
    if (error.exitCode === 0) return;
    process.exitCode = EXIT.usage;
    const json = argv.includes('--json');
    const isGroupAlone = error.code === 'commander.help';
    // Its help is on stderr already, which is what a person needs.
    if (isGroupAlone && !json) return;
    const text = isGroupAlone ? 'The command is incomplete' : error.message;
    new Output({ json, quiet: false, color: false }).failure(
      new AppError('usage/invalid', sentence(text.replace(/^error: /, '')), {
        remedy: 'carrel help shows the commands; carrel help GROUP shows those of one group.',
      }),
    );
  }
}

function everyCommand(command: Command): Command[] {
  return command.commands.flatMap((one) => [one, ...everyCommand(one)]);
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
