import { styleText } from 'node:util';
import { AppError, type ErrorShape } from '../../src-contract/app-error.ts';

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
}

/** Results to stdout, progress and a person's words to stderr. */
export class Output {
  readonly json: boolean;
  readonly #quiet: boolean;
  readonly #color: boolean;
  #barWidth = 0;

  constructor(options: OutputOptions) {
    this.json = options.json;
    this.#quiet = options.quiet;
    this.#color = options.color && process.stdout.isTTY;
  }

  /** The result of a command: one JSON document, or lines for a person. */
  result(value: Readonly<Record<string, unknown>>, lines: () => readonly string[]): void {
    this.#clearBar();
    if (this.json) process.stdout.write(`${JSON.stringify({ ok: true, ...value })}\n`);
    else if (!this.#quiet) for (const line of lines()) process.stdout.write(`${line}\n`);
  }

  /** One event of a stream, with --json only. */
  event(value: Readonly<Record<string, unknown>>): void {
    process.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** Text of an answer as it comes, without a newline. */
  text(part: string): void {
    this.#clearBar();
    process.stdout.write(plain(part));
  }

  note(line: string): void {
    if (this.#quiet) return;
    this.#clearBar();
    process.stderr.write(`${plain(line)}\n`);
  }

  /** A bar on a terminal; nothing when piped. */
  progress(what: string, done: number, total: number | null): void {
    if (this.#quiet || this.json || !process.stderr.isTTY) return;
    const count = total === null ? String(done) : `${done} of ${total}`;
    const line = `${plain(what)} ${count}`.slice(0, (process.stderr.columns ?? 80) - 1);
    process.stderr.write(`\r${line.padEnd(this.#barWidth)}`);
    this.#barWidth = line.length;
  }

  /** A failure: the envelope on stdout with --json, the person's words on stderr always. */
  failure(error: unknown, asEvent = false): void {
    this.#clearBar();
    const shape = toShape(error);
    if (this.json) {
      const told = { code: shape.code, message: shape.message, remedy: shape.remedy };
      const data = shape.data ? { data: shape.data } : {};
      const document = { ok: false, error: { ...told, ...data } };
      this.event(asEvent ? { type: 'error', ...document } : document);
    }
    process.stderr.write(`${plain(shape.message)}\n${plain(shape.remedy)}\n`);
  }

  strong(text: string): string {
    return this.#color ? styleText('bold', plain(text)) : plain(text);
  }

  #clearBar(): void {
    if (this.#barWidth === 0) return;
    process.stderr.write(`\r${' '.repeat(this.#barWidth)}\r`);
    this.#barWidth = 0;
  }
}

// What comes from documents, providers or a library may hold escape sequences that move a terminal.
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Text that is safe on a terminal: no control characters but newline and tab. */
export function plain(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(CONTROL, '\uFFFD');
}

function toShape(error: unknown): ErrorShape {
  if (error instanceof AppError) return error.toShape();
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'Try again; `carrel logs` shows what led to it.',
  };
}
