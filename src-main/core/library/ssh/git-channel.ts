import type { Readable, Writable } from 'node:stream';

/** How the program at the other end came to its end. */
export interface ChannelEnd {
  /** Null where nobody told: the connection is gone, or a signal ended the program. */
  readonly code: number | null;
  /** The connection was lost before the program was done. */
  readonly isLost: boolean;
  /** The beginning of what the program said beside its answer. */
  readonly said: string;
}

/** One run of git's program on a server: its input, its output, its end. */
export interface GitChannel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Never rejects. */
  readonly ended: Promise<ChannelEnd>;
  /** Ends it at once; `stdout` ends then, and `ended` is told. */
  kill(): void;
}

/** Opens channels to one host. */
export interface ChannelOpener {
  /** `command` goes through the shell of the server. Errors: those of `connectSsh`. */
  open(command: string): Promise<GitChannel>;
  /** Ends what is open. May be called twice. */
  close(): void;
}

/** Characters of stderr that are kept: the reason is in its first lines. */
export const MAX_SAID_CHARS = 4_096;

/** One word for a POSIX shell, whatever is in it. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
