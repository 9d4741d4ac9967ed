import { AppError } from '../../../src-contract/app-error.ts';

/**
 * Checks and normalises the base URL of an OpenAI-compatible endpoint, such as
 * `https://api.example.com/v1`. The result has no trailing slash; the two endpoints that people
 * paste along with it (`/chat/completions`, `/models`) are cut off.
 *
 * Errors: `provider/bad-url` for anything that is not https (http on loopback is fine), for
 * credentials, query or fragment in the URL.
 */
export function normaliseBaseUrl(text: string): string {
  const url = parse(text.trim());
  if (url.username || url.password) {
    throw badUrl('has a user name or password in it', 'Leave it out and enter the key as the key.');
  }
  if (url.search || url.hash) {
    throw badUrl('has a query or a fragment', 'Leave out everything from the "?" or "#" on.');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw badUrl(`begins with "${url.protocol}"`, 'Begin it with https://.');
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    throw badUrl(
      'is not encrypted (http)',
      'Use https://. Plain http is only for servers on this machine (localhost, 127.0.0.1).',
    );
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/(?:chat\/completions|models)$/, '');
  return `${url.origin}${path}`;
}

/** True for an address of this machine: nothing leaves it. */
export function isLocal(baseUrl: string): boolean {
  return URL.canParse(baseUrl) && isLoopbackHost(new URL(baseUrl).hostname);
}

/** `hostname` as a URL gives it: IPv4 in any spelling is already dotted decimal, IPv6 stands in brackets. */
function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}

function parse(text: string): URL {
  const url = URL.parse(text);
  if (!url?.hostname) {
    throw badUrl('is not a URL', 'Write it like https://api.example.com/v1.');
  }
  return url;
}

/** The URL itself is not repeated: it may hold a secret. */
function badUrl(what: string, remedy: string): AppError {
  return new AppError('provider/bad-url', `This address ${what}.`, { remedy });
}
