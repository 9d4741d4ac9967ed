import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { protocol } from 'electron';
import { contentPolicy, newNonce, NONCE_PLACEHOLDER } from '../web/headers.ts';
import { decodePath, TYPES } from '../web/static-files.ts';

export const APP_SCHEME = 'carrel';
/** The one origin that may talk to the engine. */
export const APP_ORIGIN = `${APP_SCHEME}://app`;

/** Must run once, before ready. `codeCache` keeps compiled scripts; without `standard` there is no origin. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
}

/** Serves the built renderer, nothing else, with the content security policy in every answer. */
export function serveAppProtocol(root: string): void {
  protocol.handle(APP_SCHEME, (request) => answer(root, request));
}

async function answer(root: string, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const nonce = newNonce();
  const headers = appHeaders(nonce);
  if (url.origin !== APP_ORIGIN && `${url.protocol}//${url.host}` !== APP_ORIGIN) {
    return new Response('', { status: 404, headers });
  }
  const path = decodePath(url.pathname);
  const name = path === '/' ? '/index.html' : path;
  const type = name === null ? undefined : TYPES[extname(name)];
  if (name === null || !type) return new Response('', { status: 404, headers });
  const file = join(root, name);
  // Decoded once above, so what is left of `..` must not lead out of the folder.
  if (!file.startsWith(root + sep)) return new Response('', { status: 404, headers });
  const bytes = await read(file);
  if (!bytes) return new Response('', { status: 404, headers });
  const body =
    extname(name) === '.html'
      ? bytes.toString('utf8').replaceAll(NONCE_PLACEHOLDER, nonce)
      : new Uint8Array(bytes);
  return new Response(body, { status: 200, headers: { ...headers, 'Content-Type': type } });
}

function appHeaders(nonce: string): Record<string, string> {
  return {
    'Content-Security-Policy': contentPolicy(nonce),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
  };
}

async function read(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
