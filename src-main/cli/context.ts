import type { Command } from 'commander';
import { resolve } from 'node:path';
import { defaultDataDir } from '../core/shared/paths.ts';
import { exitCodeOf, EXIT } from './exit-codes.ts';
import { Interrupts } from './interrupts.ts';
import { Output } from './output.ts';
import { Session } from './session.ts';

interface GlobalOptions {
  readonly dataDir?: string;
  readonly workspace: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color: boolean;
}

/** What a command works with. */
export interface CommandContext {
  readonly out: Output;
  readonly dataDir: string;
  readonly workspace: string;
  /** Connects to the engine; at most once per command. */
  readonly session: () => Promise<Session>;
}

type Action = (context: CommandContext, ...values: never[]) => Promise<number | void>;

export interface RunOptions {
  /** The command prints one JSON object per line, its failure too. */
  readonly streaming?: boolean;
  /** The command ends by signals of its own accord. */
  readonly ownsSignals?: boolean;
}

/** Makes an action of a command: opens what it needs, prints its failure, sets the exit code, closes. */
export function action(run: Action, options: RunOptions = {}) {
  return async (...parts: unknown[]): Promise<void> => {
    const command = parts.at(-1) as Command;
    const global = command.optsWithGlobals<GlobalOptions>();
    const { workspace } = global;
    const out = new Output({
      json: global.json ?? false,
      quiet: global.quiet ?? false,
      color: global.color,
    });
    const dataDir = global.dataDir
      ? fromWhereThePersonStands(global.dataDir)
      : defaultDataDir(process.env, process.platform);
    let opening: Promise<Session> | null = null;
    const interrupts = new Interrupts(() => opening);
    if (!options.ownsSignals) interrupts.listen();
    try {
      const context: CommandContext = {
        out,
        dataDir,
        workspace,
        session: () => (opening ??= Session.open({ dataDir, workspace })),
      };
      const code = await run(context, ...(parts.slice(0, -1) as never[]));
      process.exitCode = code ?? EXIT.ok;
    } catch (error) {
      if (!interrupts.closing) out.failure(error, options.streaming);
      process.exitCode = exitCodeOf(error);
    } finally {
      await closeIfOpen(opening);
      interrupts.end();
    }
  };
}

/** One that did not open has told why already. */
async function closeIfOpen(opening: Promise<Session> | null): Promise<void> {
  const session = await opening?.catch(() => null);
  await session?.close();
}

/** Relative paths are relative to where the person stands: under npm that is INIT_CWD. */
export function fromWhereThePersonStands(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
}

/** For an option that may be repeated. One that takes all that follows would take the message, too. */
export function eachValue(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
