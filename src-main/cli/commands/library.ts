import type { Command } from 'commander';
import { libraryConflictCommands } from './library/conflicts.ts';
import { libraryExchangeCommands } from './library/exchange.ts';
import { libraryItemCommands } from './library/items.ts';
import { libraryPublishCommands } from './library/publish.ts';
import { libraryRemoteCommands } from './library/remote.ts';
import { libraryUpdateCommands } from './library/update.ts';
import { libraryVersionCommands } from './library/versions.ts';

/** `carrel library …`: one file per group of verbs. */
export function libraryCommands(program: Command): void {
  const group = program
    .command('library')
    .description("the team's prompts, agents, skills and knowledge");
  for (const add of [
    libraryUpdateCommands,
    libraryPublishCommands,
    libraryVersionCommands,
    libraryConflictCommands,
    libraryItemCommands,
    libraryExchangeCommands,
    libraryRemoteCommands,
  ]) {
    add(group);
  }
}
