import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { logLine, type LogLine } from '../../../src-contract/health.ts';
import { lazy } from '../../../src-contract/lazy.ts';
import { isMissing } from './private-file.ts';

export type LogLevel = LogLine['level'];

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** A line as it is in the file. */
const stored = lazy(() =>
  z.object({
    time: z.number(),
    level: logLine().shape.level,
    scope: z.string(),
    msg: z.string(),
    fields: z.record(z.string(), z.unknown()).optional(),
  }),
);

export function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return RANK[level] >= RANK[least];
}

/**
 * The newest lines of at least a level, oldest first. Reads the files from the newest back and only
 * as many as it needs. A line that does not parse (cut by a full disk) is left out.
 */
export async function readNewestLines(
  files: readonly string[],
  limit: number,
  least: LogLevel,
): Promise<LogLine[]> {
  const newestFirst: LogLine[] = [];
  for (const file of files) {
    const lines = (await textOf(file)).split('\n');
    for (let at = lines.length - 1; at >= 0 && newestFirst.length < limit; at -= 1) {
      const line = toLine(lines[at] ?? '');
      if (line && isAtLeast(line.level, least)) newestFirst.push(line);
    }
    if (newestFirst.length >= limit) break;
  }
  return newestFirst.toReversed();
}

function toLine(text: string): LogLine | null {
  if (text === '') return null;
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const parsed = stored().safeParse(found);
  if (!parsed.success) return null;
  const { time, level, scope, msg, fields } = parsed.data;
  return { at: time, level, scope, message: fields ? `${msg} ${inWords(fields)}` : msg };
}

/** `route=chat.send logId=…`: what a person looks for after an error named it. */
function inWords(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}
