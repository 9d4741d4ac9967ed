import { useSyncExternalStore } from 'react';

/** Hash routes: `#/chat/<conversation>`, `#/knowledge/<collection>?file=…`, `#/library/<path>`, `#/settings/<section>`. */
export const screens = ['chat', 'knowledge', 'library', 'health', 'settings'] as const;
export type ScreenName = (typeof screens)[number];

export interface Route {
  readonly screen: ScreenName;
  /** What follows the screen, decoded, slashes kept: an id, a name, a path. Empty when there is none. */
  readonly rest: string;
  readonly query: URLSearchParams;
}

/** Reads a hash; what it does not know is Chat. Never throws: a person may edit the address. */
export function parseHash(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [first = '', ...others] = path.split('/');
  const screen = screens.find((name) => name === first);
  return {
    screen: screen ?? 'chat',
    rest: screen ? others.map(decode).join('/') : '',
    query: new URLSearchParams(search),
  };
}

/** The address of a place. Empty query values are left out. */
export function hrefFor(
  screen: ScreenName,
  rest = '',
  query: Readonly<Record<string, string | null>> = {},
): string {
  const path = rest === '' ? '' : `/${rest.split('/').map(encodeURIComponent).join('/')}`;
  const given = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const search = given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
  return `#/${screen}${path}${search}`;
}

/** Goes to an address of `hrefFor`. `replace` leaves no step back. */
export function navigate(href: string, { replace = false } = {}): void {
  if (!replace) {
    window.location.hash = href;
    return;
  }
  window.history.replaceState(null, '', href);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

let last: { hash: string; route: Route } | null = null;

function present(): Route {
  const { hash } = window.location;
  if (last?.hash !== hash) last = { hash, route: parseHash(hash) };
  return last.route;
}

function subscribe(cb: () => void): () => void {
  window.addEventListener('hashchange', cb);
  return () => window.removeEventListener('hashchange', cb);
}

/** The present place; the same object until the address changes. */
export function useRoute(): Route {
  return useSyncExternalStore(subscribe, present);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // A stray % of a typed address: taken as it stands.
  }
}
