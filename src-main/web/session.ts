import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../core/shared/clock.ts';
import { digestOf, newKey, OneTimeKeys } from './one-time-keys.ts';
import { maySpeakFor } from './peer-user.ts';

/** A start link is opened within minutes; over a tunnel to another machine it may take a while. */
const TOKEN_TTL_MS = 60 * 60 * 1000;
/** Links that a person asked for and did not use. */
const MAX_TOKENS = 8;
/** A ticket is used by the script that asked for it, at once. */
const TICKET_TTL_MS = 30_000;
/** Tabs that connect at the same moment. */
const MAX_TICKETS = 64;
/** Browsers of one person; with the next one the oldest has to come back with a new link. */
const MAX_SESSIONS = 32;
/** Other programs on this machine can add cookies of the same name: so many are looked at. */
const MAX_COOKIES = 4;

/** Whom a start link lets in: one that was handed to the system's opener stands in the process list, for all to read. */
export type Guests = 'anyone' | 'this-user';

/** One browser that came with a start link. */
export interface Session {
  readonly digest: Buffer;
  /**
   * Number of the user whose browser it is; null where the system does not say. Browsers send a cookie
   * to every port of a host, so that a server of another user may have seen this one.
   */
  readonly user: number | null;
  /** Web sockets it has open. */
  sockets: number;
}

/** Who may in: start tokens become sessions, sessions get tickets, each ticket opens one web socket. */
export class Sessions {
  readonly #tokens: OneTimeKeys<Guests>;
  readonly #tickets: OneTimeKeys<Session>;
  #sessions: Session[] = [];

  constructor(clock: Clock) {
    this.#tokens = new OneTimeKeys(clock, TOKEN_TTL_MS, MAX_TOKENS);
    this.#tickets = new OneTimeKeys(clock, TICKET_TTL_MS, MAX_TICKETS);
  }

  newToken(guests: Guests): string {
    return this.#tokens.issue(guests);
  }

  /** Exchanges a start token for the value of a session cookie; null if the token is not (or no longer) good for this user. */
  enter(token: string, user: number | null): string | null {
    const guests = this.#tokens.take(token);
    if (!guests) return null;
    if (guests === 'this-user' && !maySpeakFor(process.getuid?.() ?? null, user)) return null;
    const key = newKey();
    const session = { digest: digestOf(key), user, sockets: 0 };
    this.#sessions = [...this.#sessions, session].slice(-MAX_SESSIONS);
    return key;
  }

  newTicket(session: Session): string {
    return this.#tickets.issue(session);
  }

  /** The session that the ticket was given to, once. */
  takeTicket(ticket: string): Session | null {
    return this.#tickets.take(ticket);
  }

  /** The session of a request's `Cookie` header; null without a good cookie. */
  find(cookieHeader: string | undefined, cookieName: string): Session | null {
    for (const value of cookieValues(cookieHeader ?? '', cookieName).slice(0, MAX_COOKIES)) {
      const shown = digestOf(value);
      const hit = this.#sessions.find(({ digest }) => timingSafeEqual(digest, shown));
      if (hit) return hit;
    }
    return null;
  }
}

/** Cookies ignore ports: the port in the name keeps two programs on this machine apart. */
export function cookieName(port: number): string {
  return `carrel-${port}`;
}

/** Not `Secure`: that would need https, which loopback does not have. Ends with the browser's session. */
export function setCookie(port: number, value: string): string {
  return `${cookieName(port)}=${value}; Path=/; HttpOnly; SameSite=Strict`;
}

function cookieValues(header: string, name: string): string[] {
  return header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}
