import { AppError } from '../../../src-contract/app-error.ts';
import { isSecretName, REDACTED, redactText } from './redact-text.ts';

/** A log line is read by a person: deeper, wider or longer is cut, so that no line is without bound. */
const MAX_DEPTH = 5;
const MAX_ENTRIES = 40;
const MAX_TEXT_CHARS = 2_000;
const MAX_STACK_CHARS = 4_000;
const MAX_LINE_CHARS = 16_000;

interface Budget {
  chars: number;
  readonly open: Set<object>;
}

/**
 * A copy for the log: plain JSON values only, without secrets (by the name of the member and by the
 * shape of the text), bounded, errors with code and stack. Never throws, whatever is handed to it.
 */
export function redact(value: unknown): unknown {
  return copy(value, MAX_DEPTH, { chars: MAX_LINE_CHARS, open: new Set() });
}

function copy(value: unknown, depth: number, budget: Budget): unknown {
  switch (typeof value) {
    case 'string':
      return text(value, MAX_TEXT_CHARS, budget);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
    case 'undefined':
      return value;
    case 'bigint':
      return value.toString();
    case 'symbol':
    case 'function':
      return `[${typeof value}]`;
    case 'object':
      return value === null ? null : copyObject(value, depth, budget);
    default:
      return '[unknown]';
  }
}

function copyObject(value: object, depth: number, budget: Budget): unknown {
  if (budget.open.has(value)) return '[circular]';
  if (depth === 0 || budget.chars <= 0) return '[…]';
  budget.open.add(value);
  try {
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    if (value instanceof Date) return Number.isNaN(value.valueOf()) ? '[no date]' : value.toJSON();
    if (value instanceof Error) return copyError(value, depth, budget);
    if (value instanceof Map || value instanceof Set) return `[${value.size} entries]`;
    if (Array.isArray(value)) {
      const items = value.slice(0, MAX_ENTRIES).map((item) => copy(item, depth - 1, budget));
      return value.length > MAX_ENTRIES ? [...items, `… ${value.length} in all`] : items;
    }
    return copyMembers(value, depth, budget);
  } catch (error) {
    // A getter or proxy that throws: its failure is of no use in a log line, the line is.
    return `[unreadable ${error instanceof Error ? error.name : typeof error}]`;
  } finally {
    budget.open.delete(value);
  }
}

function copyMembers(value: object, depth: number, budget: Budget): unknown {
  const names = Object.keys(value);
  const members = names.slice(0, MAX_ENTRIES).map((name): [string, unknown] => {
    const shown = text(name, 100, budget);
    const member: unknown = Reflect.get(value, name);
    return [shown, isSecret(name, member) ? REDACTED : copy(member, depth - 1, budget)];
  });
  if (names.length > MAX_ENTRIES) members.push(['…', `${names.length} in all`]);
  return Object.fromEntries(members);
}

/** Counts and flags are no secrets, whatever they are called. */
function isSecret(name: string, value: unknown): boolean {
  const canHide = typeof value === 'string' || (typeof value === 'object' && value !== null);
  return canHide && isSecretName(name);
}

function copyError(error: Error, depth: number, budget: Budget): unknown {
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const data = error instanceof AppError && error.data ? { data: error.data } : {};
  const cause = error.cause === undefined ? {} : { cause: error.cause };
  const rest = copyMembers({ ...data, ...cause }, depth, budget) as object;
  return {
    name: text(error.name, 100, budget),
    ...code,
    message: text(error.message, MAX_TEXT_CHARS, budget),
    ...rest,
    // Its first line repeats the message.
    stack: text((error.stack ?? '').replace(/^[\s\S]*?\n(?= +at )/, ''), MAX_STACK_CHARS, budget),
  };
}

function text(value: string, max: number, budget: Budget): string {
  const shown = redactText(value, Math.min(max, Math.max(0, budget.chars)));
  budget.chars -= shown.length;
  return shown;
}
