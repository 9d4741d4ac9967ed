import type { Logger as Pino, pino as makePino } from 'pino';
import type { LogLine } from '../../../src-contract/health.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import { isAtLeast, readNewestLines, type LogLevel } from './read-log.ts';
import { redact } from './redact.ts';
import { redactText } from './redact-text.ts';
import { RotatingFile, type WriterState } from './rotating-file.ts';

export interface PinoLoggerOptions {
  readonly dir: string;
  readonly level: LogLevel;
  readonly clock: Clock;
  /** Name of the files, `engine` where none is given. */
  readonly name?: string;
  readonly maxBytes?: number;
  readonly maxFiles?: number;
}

export interface PinoLogger extends Logger {
  /** The newest `limit` lines of at least `level`, oldest first. */
  tail(limit: number, level: LogLevel): Promise<LogLine[]>;
  setLevel(level: LogLevel): void;
  /** For Health: lines that were lost, and why. */
  readonly writer: WriterState;
  /** Everything logged so far is in the file afterwards. */
  flush(): Promise<void>;
  /** Flushes and lets go of the file; later lines open it again. */
  close(): Promise<void>;
}

interface Line {
  readonly time: number;
  readonly level: LogLevel;
  readonly scope: string;
  readonly msg: string;
  readonly fields?: unknown;
}

const ROOT_SCOPE = 'engine';
const MAX_MESSAGE_CHARS = 2_000;
/** Loading pino is put off until the engine answers its first request; an error loads it at once. */
const LOAD_DELAY_MS = 500;
/** Lines kept until then; a start writes a dozen. */
const MAX_EARLY_LINES = 1_000;

/**
 * The log of an engine: JSON lines by pino into files that rotate. Secrets are redacted before a line
 * is kept anywhere. No call throws or waits; what can't be written is counted.
 */
export function createPinoLogger(options: PinoLoggerOptions): PinoLogger {
  const sink = new LogSink(options);
  return {
    ...scoped(sink, ROOT_SCOPE, true),
    tail: async (limit: number, level: LogLevel) => {
      await sink.flush();
      return readNewestLines(sink.file.files, limit, level);
    },
    setLevel: (level: LogLevel) => {
      sink.level = level;
    },
    get writer(): WriterState {
      return sink.file.state;
    },
    flush: () => sink.flush(),
    close: () => sink.close(),
  };
}

function scoped(sink: LogSink, scope: string, isRoot: boolean): Logger {
  return {
    debug: (message, fields) => sink.log('debug', scope, message, fields),
    info: (message, fields) => sink.log('info', scope, message, fields),
    warn: (message, fields) => sink.log('warn', scope, message, fields),
    error: (message, fields) => sink.log('error', scope, message, fields),
    child: (name) => scoped(sink, isRoot ? name : `${scope}.${name}`, false),
  };
}

class LogSink {
  readonly file: RotatingFile;
  level: LogLevel;
  readonly #clock: Clock;
  /** Null until pino is loaded. */
  #emit: ((line: Line) => void) | null = null;
  #loading: Promise<void> | null = null;
  #loadTimer: NodeJS.Timeout | null = null;
  readonly #early: Line[] = [];
  #time = 0;
  /** The process ends before pino was loaded: its first lines say why, so they are written as they are. */
  readonly #atExit = (): void => {
    for (const line of this.#early.splice(0)) this.#writePlain(line);
  };

  constructor(options: PinoLoggerOptions) {
    this.file = new RotatingFile({ ...options, name: options.name ?? 'engine' });
    this.level = options.level;
    this.#clock = options.clock;
  }

  log(level: LogLevel, scope: string, message: string, fields: unknown): void {
    if (!isAtLeast(level, this.level)) return;
    try {
      const msg = redactText(message, MAX_MESSAGE_CHARS);
      const line: Line = { time: this.#clock.now(), level, scope, msg };
      this.#take(fields === undefined ? line : { ...line, fields: redact(fields) });
    } catch (error) {
      this.file.drop(error instanceof Error ? error.message : String(error));
    }
  }

  async flush(): Promise<void> {
    if (this.#early.length > 0) await this.#load();
  }

  async close(): Promise<void> {
    await this.flush();
    this.file.close();
  }

  #take(line: Line): void {
    if (this.#emit) {
      this.#emit(line);
      return;
    }
    if (this.#early.length >= MAX_EARLY_LINES) {
      this.file.drop('too many lines before the log was open');
      return;
    }
    if (this.#early.length === 0) process.once('exit', this.#atExit);
    this.#early.push(line);
    if (line.level === 'error') void this.#load();
    else this.#loadTimer ??= setTimeout(() => void this.#load(), LOAD_DELAY_MS).unref();
  }

  #load(): Promise<void> {
    this.#loading ??= this.#open();
    return this.#loading;
  }

  async #open(): Promise<void> {
    if (this.#loadTimer) clearTimeout(this.#loadTimer);
    try {
      const { pino } = await import('pino');
      const made = this.#makePino(pino);
      this.#emit = (line) => this.#write(made, line);
    } catch (error) {
      // A log without pino is still a log; Health tells that something is wrong with it.
      this.file.drop(error instanceof Error ? error.message : String(error));
      this.#emit = (line) => this.#writePlain(line);
    }
    process.off('exit', this.#atExit);
    for (const line of this.#early.splice(0)) this.#emit(line);
  }

  #makePino(pino: typeof makePino): Pino {
    return pino(
      {
        level: 'debug',
        base: null,
        timestamp: () => `,"time":${this.#time}`,
        formatters: { level: (label) => ({ level: label }) },
      },
      { write: (line: string) => this.file.write(line) },
    );
  }

  #write(pino: Pino, { time, level, scope, msg, fields }: Line): void {
    this.#time = time;
    pino[level](fields === undefined ? { scope } : { scope, fields }, msg);
  }

  #writePlain(line: Line): void {
    this.file.write(`${JSON.stringify(line)}\n`);
  }
}
