import { MAX_NAME_CHARS } from './limits.ts';

/** Ids that the engine makes, and those of workspaces: sortable, lower case, safe in a file name. */
export const ID = /^[a-z0-9][a-z0-9-]{0,63}$/;
/** One line without control or invisible characters. */
export const NAME = /^[^\p{Cc}\p{Cf}]+$/u;

/** A name that a person gave, trimmed; null where it is none. */
export function nameOf(text: string): string | null {
  const trimmed = text.trim();
  const isName = trimmed !== '' && trimmed.length <= MAX_NAME_CHARS && NAME.test(trimmed);
  return isName ? trimmed : null;
}
