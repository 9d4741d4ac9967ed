import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Engine and client prove to each other that they know the token of `engine.json`, which never
 * travels: a named pipe of Windows may be opened by anybody, and made by anybody once its engine is gone.
 *
 *   engine: challenge, its nonce
 *   client: hello, a nonce of its own, HMAC(token, "client" + both nonces)
 *   engine: welcome, HMAC(token, "server" + both nonces)
 *
 * The roles keep a proof from being sent back as the other side's; the nonces from being used again.
 */

/** Milliseconds that either side has for all of it. */
export const HANDSHAKE_MS = 5_000;
const NONCE_BYTES = 32;
/** Nonces and proofs alike: 32 bytes in hex, so that nonces joined can be read in one way only. */
const HEX = /^[0-9a-f]{64}$/;

export interface Challenge {
  readonly t: 'challenge';
  readonly nonce: string;
}

export interface Hello {
  readonly t: 'hello';
  readonly nonce: string;
  readonly proof: string;
}

export interface Welcome {
  readonly t: 'welcome';
  readonly proof: string;
}

/** The engine's first word; a new one for each connection. */
export function newChallenge(): Challenge {
  return { t: 'challenge', nonce: newNonce() };
}

export interface AnsweredChallenge {
  readonly hello: Hello;
  /** Whether a document is the welcome of an engine that knows the token. */
  isWelcome(document: unknown): boolean;
}

/** The client's answer to a document that should be a challenge; null where it is none. */
export function answerChallenge(token: string, document: unknown): AnsweredChallenge | null {
  const theirs = textOf(document, 'challenge', 'nonce');
  if (theirs === null) return null;
  const nonces = theirs + newNonce();
  return {
    hello: {
      t: 'hello',
      nonce: nonces.slice(theirs.length),
      proof: prove(token, 'client', nonces),
    },
    isWelcome: (answer) =>
      isSame(textOf(answer, 'welcome', 'proof'), prove(token, 'server', nonces)),
  };
}

/** The engine's answer to a document that should be a hello; null where it proves nothing. */
export function answerHello(token: string, sent: Challenge, document: unknown): Welcome | null {
  const theirs = textOf(document, 'hello', 'nonce');
  if (theirs === null) return null;
  const nonces = sent.nonce + theirs;
  if (!isSame(textOf(document, 'hello', 'proof'), prove(token, 'client', nonces))) return null;
  return { t: 'welcome', proof: prove(token, 'server', nonces) };
}

function newNonce(): string {
  return randomBytes(NONCE_BYTES).toString('hex');
}

function prove(token: string, role: 'client' | 'server', nonces: string): string {
  return createHmac('sha256', token).update(`${role}${nonces}`).digest('hex');
}

/** Both are 64 characters, or one is null: the comparison takes the same time wherever they differ. */
function isSame(shown: string | null, wanted: string): boolean {
  return shown !== null && timingSafeEqual(Buffer.from(shown), Buffer.from(wanted));
}

/** A field of a document of kind `t`, if it is 64 hex digits. */
function textOf(document: unknown, t: string, name: 'nonce' | 'proof'): string | null {
  if (typeof document !== 'object' || document === null) return null;
  const { t: kind, [name]: text } = document as Readonly<Record<string, unknown>>;
  return kind === t && typeof text === 'string' && HEX.test(text) ? text : null;
}
