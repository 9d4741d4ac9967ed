import { readFile } from 'node:fs/promises';
import type { LogLine } from '../../../src-contract/health.ts';
import { isMissing } from './private-file.ts';

export type LogLevel = LogLine['level'];

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };
const LEVELS = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[];

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
      const text = lines[at] ?? '';
      if (!mayBeAtLeast(text, least)) continue;
      const line = toLine(text);
      if (line && isAtLeast(line.level, least)) newestFirst.push(line);
    }
    if (newestFirst.length >= limit) break;
  }
  return newestFirst.toReversed();
}

/** Without parsing, which for all lines of all files would hold up the engine for two seconds. */
function mayBeAtLeast(text: string, least: LogLevel): boolean {
  return LEVELS.some((level) => isAtLeast(level, least) && text.includes(`"level":"${level}"`));
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
  if (typeof found !== 'object' || found === null) return null;
  const { time, level, scope, msg, fields } = found as Readonly<Record<string, unknown>>;
  if (typeof time !== 'number' || typeof scope !== 'string' || typeof msg !== 'string') return null;
  if (!isLevel(level)) return null;
  const hasFields = typeof fields === 'object' && fields !== null;
  return { at: time, level, scope, message: hasFields ? `${msg} ${inWords(fields)}` : msg };
}

/** True for the name of a level. */
export function isLevel(level: unknown): level is LogLevel {
  return typeof level === 'string' && Object.hasOwn(RANK, level);
}

/** `route=chat.send logId=…`: what a person looks for after an error named it. */
function inWords(fields: object): string {
  return Object.entries(fields as Readonly<Record<string, unknown>>)
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
