import type { Citation } from '../../../src-contract/common.ts';

/** The route that needs no model; the contract's own constant would bring zod into the window. */
export const LIBRARY_READER = 'library-reader';

/** A route for a person: the model's name, or "Library reader". */
export function routeLabel(route: string): string {
  if (route === LIBRARY_READER) return 'Library reader';
  const slash = route.indexOf('/');
  return slash < 0 ? route : route.slice(slash + 1);
}

/** The provider of a route, or null for the Library reader. */
export function providerOf(route: string): string | null {
  const slash = route.indexOf('/');
  return slash < 0 ? null : route.slice(0, slash);
}

/** Where a passage stands: "page 7", "line 41", "lines 38–51". */
export function placeOf(at: Pick<Citation, 'page' | 'startLine' | 'endLine'>): string {
  if (at.page !== null) return `page ${at.page}`;
  return at.startLine === at.endLine
    ? `line ${at.startLine}`
    : `lines ${at.startLine}–${at.endLine}`;
}

/** Last part of a path. */
export function fileName(path: string): string {
  return path.split(/[/\\]/u).at(-1) ?? path;
}
