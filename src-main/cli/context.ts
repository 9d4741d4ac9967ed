import type { Command } from 'commander';
import { resolve } from 'node:path';
import { defaultDataDir } from '../core/shared/paths.ts';
import { exitCodeOf, EXIT } from './exit-codes.ts';
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
}

/**
 * Makes an action of a command: opens what it needs, prints its failure, sets the exit code, closes.
 * A first Ctrl-C stops what runs and lets the command end by itself; a second ends it at once.
 */
export function action(run: Action, { streaming = false }: RunOptions = {}) {
  return async (...parts: unknown[]): Promise<void> => {
    const command = parts.at(-1) as Command;
    const options = command.optsWithGlobals<GlobalOptions>();
    const out = new Output({
      json: options.json ?? false,
      quiet: options.quiet ?? false,
      color: options.color,
    });
    const dataDir = options.dataDir
      ? fromWhereThePersonStands(options.dataDir)
      : defaultDataDir(process.env, process.platform);
    const opened: Session[] = [];
    const interrupted = (): void => {
      if (!opened[0]?.cancelAll()) process.exit(130);
    };
    process.on('SIGINT', interrupted);
    try {
      const context: CommandContext = {
        out,
        dataDir,
        workspace: options.workspace,
        session: async () => {
          const session =
            opened[0] ?? (await Session.open({ dataDir, workspace: options.workspace }));
          opened[0] = session;
          return session;
        },
      };
      const code = await run(context, ...(parts.slice(0, -1) as never[]));
      process.exitCode = code ?? EXIT.ok;
    } catch (error) {
      out.failure(error, streaming);
      process.exitCode = exitCodeOf(error);
    } finally {
      process.off('SIGINT', interrupted);
      await opened[0]?.close();
    }
  };
}

/** Relative paths are relative to where the person stands: under npm that is INIT_CWD. */
export function fromWhereThePersonStands(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
}
