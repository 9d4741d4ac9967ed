import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { AppError, type ErrorShape } from '../../src-contract/app-error.ts';
import { endQuietlyWithReader } from '../cli/end-quietly.ts';
import { EXIT, exitCodeOf } from '../cli/exit-codes.ts';
import { dataDirOf } from '../shell/entry.ts';
import { serve, type Served, type ServeOptions } from './serve.ts';

const HELP = `Carrel in a browser on this machine.

  --data-dir DIR     where data lives
  --workspace ID     default: default
  --port NUMBER      a port of your choice; any free one without it
  --open             open the system browser
  --json             print one JSON document instead of the link
`;

/**
 * Runs the web shell with the arguments of a command line. Sets the exit code; never throws. `places`
 * says where engine and renderer are when they are not beside this program.
 */
export async function runServe(
  argv: readonly string[],
  places: Pick<ServeOptions, 'renderer' | 'engineEntry'> = {},
): Promise<void> {
  endQuietlyWithReader();
  let options: ReturnType<typeof parse>;
  try {
    options = parse(argv);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    process.exitCode = EXIT.usage;
    return;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  try {
    const served = await serve({
      dataDir: dataDirOf(argv),
      workspace: options.workspace,
      port: Number(options.port),
      open: options.open,
      ...places,
    });
    const line = options.json ? JSON.stringify({ ok: true, url: served.url }) : served.url;
    process.stdout.write(`${line}\n`);
    const input = process.stdin.isTTY ? offerLinks(served) : null;
    await served.ended;
    input?.close();
  } catch (error) {
    const shape = toShape(error);
    if (options.json) process.stdout.write(`${JSON.stringify({ ok: false, error: shape })}\n`);
    process.stderr.write(`${shape.message}\n${shape.remedy}\n`);
    process.exitCode = exitCodeOf(error);
  }
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    options: {
      'data-dir': { type: 'string' },
      workspace: { type: 'string', default: 'default' },
      port: { type: 'string', default: '0' },
      open: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values;
}

/** A person at the terminal presses Enter for a link for another browser. */
function offerLinks(served: Served): ReturnType<typeof createInterface> {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', () => void process.stdout.write(`${served.newLink()}\n`));
  return lines;
}

function toShape(error: unknown): ErrorShape {
  if (error instanceof AppError) return error.toShape();
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'Try again. If it stays, report it with this message.',
  };
}
