import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** One file stays quick to open in an editor and to send. */
const MAX_FILE_BYTES = 5 * 1024 * 1024;
/** With the newest: 25 MiB are weeks of normal work, and no disk notices them. */
const MAX_FILES = 5;

export interface RotatingFileOptions {
  readonly dir: string;
  /** Without extension: `engine` makes `engine.log`, `engine.1.log` (the one before), … */
  readonly name: string;
  readonly maxBytes?: number;
  readonly maxFiles?: number;
}

export interface WriterState {
  /** Lines that could not be written since the start. */
  readonly dropped: number;
  /** Why the last one was not; null where the last line was written. */
  readonly problem: string | null;
}

/**
 * Appends lines to a file and starts a new one when it is full. Synchronous: a line that was logged
 * before a crash is in the file. A failure (full disk, folder gone) is counted and tried again with
 * the next line, never thrown.
 */
export class RotatingFile {
  readonly #dir: string;
  readonly #name: string;
  readonly #maxBytes: number;
  readonly #maxFiles: number;
  #fd: number | null = null;
  #size = 0;
  #torn = false;
  #dropped = 0;
  #problem: string | null = null;

  constructor(options: RotatingFileOptions) {
    this.#dir = options.dir;
    this.#name = options.name;
    this.#maxBytes = options.maxBytes ?? MAX_FILE_BYTES;
    this.#maxFiles = options.maxFiles ?? MAX_FILES;
  }

  get state(): WriterState {
    return { dropped: this.#dropped, problem: this.#problem };
  }

  /** Newest first; not all of them need exist. */
  get files(): readonly string[] {
    return Array.from({ length: this.#maxFiles }, (_, age) => this.#fileOf(age));
  }

  /** Takes one line with its line break. */
  write(line: string): void {
    try {
      const bytes = Buffer.from(this.#torn ? `\n${line}` : line, 'utf8');
      let fd = this.#open();
      if (this.#size > 0 && this.#size + bytes.length > this.#maxBytes) {
        this.#rotate(fd);
        fd = this.#open();
      }
      this.#append(fd, bytes);
      this.#problem = null;
    } catch (error) {
      this.drop(error instanceof Error ? error.message : String(error));
      this.close();
    }
  }

  /** Counts a line that is lost for another reason. */
  drop(reason: string): void {
    this.#dropped += 1;
    this.#problem = reason;
  }

  close(): void {
    const fd = this.#fd;
    this.#fd = null;
    if (fd !== null) closeSync(fd);
  }

  #open(): number {
    if (this.#fd !== null) return this.#fd;
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
    const fd = openSync(this.#fileOf(0), 'a', 0o600);
    this.#fd = fd;
    this.#size = fstatSync(fd).size;
    return fd;
  }

  /** A disk that fills up takes the first part of a line: the next one begins on a line of its own. */
  #append(fd: number, bytes: Buffer): void {
    let done = 0;
    while (done < bytes.length) {
      this.#torn = true;
      done += writeSync(fd, bytes, done);
    }
    this.#torn = false;
    this.#size += bytes.length;
  }

  #rotate(fd: number): void {
    const mine = fstatSync(fd).ino;
    this.close();
    // Another engine of this data directory may have done it already.
    const now = statSync(this.#fileOf(0), { throwIfNoEntry: false });
    if (now?.ino !== mine) return;
    rmSync(this.#fileOf(this.#maxFiles - 1), { force: true });
    for (let age = this.#maxFiles - 2; age >= 0; age -= 1) {
      const from = this.#fileOf(age);
      if (statSync(from, { throwIfNoEntry: false })) renameSync(from, this.#fileOf(age + 1));
    }
  }

  #fileOf(age: number): string {
    return join(this.#dir, age === 0 ? `${this.#name}.log` : `${this.#name}.${age}.log`);
  }
}
