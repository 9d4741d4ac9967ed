import type { ErrorShape } from './app-error.ts';

/** The envelope of every answer. Errors never cross as exceptions: their `code` would be lost on the way. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorShape };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail<T = never>(error: ErrorShape): Result<T> {
  return { ok: false, error };
}
