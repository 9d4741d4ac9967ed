import { fromWhereThePersonStands } from './context.ts';

/** An address as it was given; a relative path is relative to where the person stands. */
export function remoteOf(given: string): string {
  const hasScheme = /^[a-z][a-z0-9+.-]*:/i.test(given) && !/^[a-z]:[\\/]/i.test(given);
  const isScpLike = /^[^/\\]+@[^/\\]+:/.test(given);
  return hasScheme || isScpLike ? given : fromWhereThePersonStands(given);
}
