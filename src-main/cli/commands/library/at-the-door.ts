import { createInterface } from 'node:readline/promises';
import { AppError } from '../../../../src-contract/app-error.ts';
import type { CommandContext } from '../../context.ts';
import { plain } from '../../output.ts';

interface UnknownHost {
  readonly host: string;
  readonly port: number;
  readonly fingerprint: string;
}

/**
 * Runs what speaks with the remote. An SSH host that nobody confirmed yet is asked about on a
 * terminal, with its fingerprint; a script gets the error with the command that confirms it.
 */
export async function atTheDoor<T>(context: CommandContext, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const unknown = unknownHost(error);
    if (!unknown) throw withCommand(error);
    if (!(await isConfirmed(context, unknown))) throw withTrust(error, unknown);
    const engine = await context.session();
    await engine.call('library.trustHost', unknown);
    return atTheDoor(context, run);
  }
}

async function isConfirmed({ out }: CommandContext, unknown: UnknownHost): Promise<boolean> {
  if (out.json || !process.stdin.isTTY || !process.stderr.isTTY) return false;
  out.note(`${unknown.host} shows a key that was not seen before: ${unknown.fingerprint}`);
  out.note('Compare it with what its operator publishes.');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question('Is it the same? Type yes to go on: ')).trim() === 'yes';
  } finally {
    lines.close();
  }
}

function unknownHost(error: unknown): UnknownHost | null {
  if (!(error instanceof AppError) || error.code !== 'library/host-unknown') return null;
  const { host, port, fingerprint } = error.data ?? {};
  if (typeof host !== 'string' || typeof port !== 'number' || typeof fingerprint !== 'string') {
    return null;
  }
  return { host, port, fingerprint };
}

function withTrust(error: unknown, { host, port, fingerprint }: UnknownHost): unknown {
  const command = `carrel library trust ${host}${port === 22 ? '' : ` --port ${port}`} ${fingerprint}`;
  return withRemedy(
    error,
    `Compare ${fingerprint} with what its operator publishes. If it is the same: ${plain(command)}`,
  );
}

function withCommand(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'library/access-denied') return error;
  return withRemedy(
    error,
    `${error.remedy} In a terminal: carrel library access set URL with --user NAME --secret-stdin < token.txt, or with --key FILE.`,
  );
}

function withRemedy(error: unknown, remedy: string): unknown {
  return error instanceof AppError ? AppError.fromShape({ ...error.toShape(), remedy }) : error;
}
