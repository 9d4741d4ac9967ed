import { randomBytes } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';

const NONCE_BYTES = 16;

/** A fresh nonce for the styles of one page. */
export function newNonce(): string {
  return randomBytes(NONCE_BYTES).toString('base64');
}

/** Stands in the built index.html wherever the page needs the nonce of its styles. */
export const NONCE_PLACEHOLDER = '__CSP_NONCE__';

/**
 * The policy of every answer, in the browser and in the desktop app. `nonce` lets the page's own style
 * elements in; `connect` names what a page may speak to beside its own origin.
 */
export function contentPolicy(nonce: string | null, connect: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${nonce === null ? '' : ` 'nonce-${nonce}'`}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    ['connect-src', "'self'", ...connect].join(' '),
    // Not covered by default-src.
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * What every answer carries, refusals too. `host` is the checked `Host`, named for browsers whose
 * `'self'` does not cover web sockets; `nonce` lets the page's own style elements in.
 */
export function securityHeaders(host: string, nonce: string | null): OutgoingHttpHeaders {
  return {
    'Content-Security-Policy': contentPolicy(nonce, [`ws://${host}`]),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  };
}
