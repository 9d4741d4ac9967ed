import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** One key that is known for some hosts (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
export interface KnownHost {
  readonly names:
    | { readonly kind: 'patterns'; readonly patterns: readonly string[] }
    | { readonly kind: 'hashed'; readonly salt: Buffer; readonly hash: Buffer };
  /** As in the file; `ssh-rsa` for every RSA key. */
  readonly keyType: string;
  /** The public key as it travels. */
  readonly key: Buffer;
  readonly isRevoked: boolean;
  /** Line of the file, from 1. */
  readonly line: number;
}

export interface IgnoredLine {
  readonly line: number;
  readonly reason: string;
}

/** Longest line that is read: an RSA key of 16,384 bits has 2,800 characters, a list of names some more. */
const MAX_LINE_CHARS = 16_384;
/** HMAC-SHA1, the only one that the format knows. */
const HASH_BYTES = 20;

/** Reads a `known_hosts` file. A line that can't be used is left out, with the reason. */
export function parseKnownHosts(text: string): {
  readonly entries: readonly KnownHost[];
  readonly ignored: readonly IgnoredLine[];
} {
  const entries: KnownHost[] = [];
  const ignored: IgnoredLine[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    const trimmed = raw.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const entry = parseLine(trimmed, line);
    if (typeof entry === 'string') ignored.push({ line, reason: entry });
    else entries.push(entry);
  }
  return { entries, ignored };
}

/** The entry of one line, or why it is left out. */
function parseLine(text: string, line: number): KnownHost | string {
  if (text.length > MAX_LINE_CHARS) return 'too long';
  const fields = text.split(/[ \t]+/);
  const marker = fields[0]?.startsWith('@') ? fields.shift() : undefined;
  // Certificates are for the ssh program: a host that shows its plain key is confirmed by that key.
  if (marker === '@cert-authority') return 'certificate authorities are not used';
  if (marker !== undefined && marker !== '@revoked') return 'an unknown marker';
  const [hosts, keyType, encoded] = fields;
  if (hosts === undefined || keyType === undefined || encoded === undefined) return 'incomplete';
  const key = Buffer.from(encoded, 'base64');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded) || keyTypeOf(key) !== keyType) return 'no key';
  const names = hosts.startsWith('|') ? hashed(hosts) : patterns(hosts);
  if (!names) return 'an unknown form of host name';
  return { names, keyType, key, isRevoked: marker === '@revoked', line };
}

/** `|1|salt|HMAC-SHA1(salt, name)`, both in base64. */
function hashed(field: string): KnownHost['names'] | null {
  const [, version, salt, hash, rest] = field.split('|');
  if (version !== '1' || salt === undefined || hash === undefined || rest !== undefined)
    return null;
  const wanted = Buffer.from(hash, 'base64');
  if (wanted.length !== HASH_BYTES) return null;
  return { kind: 'hashed', salt: Buffer.from(salt, 'base64'), hash: wanted };
}

function patterns(field: string): KnownHost['names'] {
  const list = field.split(',').filter((pattern) => pattern !== '' && pattern !== '!');
  return { kind: 'patterns', patterns: list.map((pattern) => pattern.toLowerCase()) };
}

/** How known hosts name a server: the port only where it isn't 22. */
export function hostName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** What is known about `key` for a host. `revoked` outranks all; `changed` names the key it should be. */
export type Verdict =
  | { readonly kind: 'known' | 'revoked' | 'unknown' }
  | { readonly kind: 'changed'; readonly expected: KnownHost };

export function judgeKey(
  entries: readonly KnownHost[],
  host: string,
  port: number,
  key: Buffer,
): Verdict {
  const ours = entriesFor(entries, host, port);
  if (ours.some((entry) => entry.isRevoked && entry.key.equals(key))) return { kind: 'revoked' };
  const known = ours.filter((entry) => !entry.isRevoked);
  if (known.some((entry) => entry.key.equals(key))) return { kind: 'known' };
  const type = keyTypeOf(key);
  const expected = known.find((entry) => entry.keyType === type) ?? known[0];
  return expected ? { kind: 'changed', expected } : { kind: 'unknown' };
}

/** Every line for this host, also the revoked ones. */
export function entriesFor(
  entries: readonly KnownHost[],
  host: string,
  port: number,
): readonly KnownHost[] {
  const name = hostName(host, port);
  return entries.filter((entry) => isFor(entry.names, name));
}

function isFor(names: KnownHost['names'], name: string): boolean {
  if (names.kind === 'hashed') {
    return timingSafeEqual(createHmac('sha1', names.salt).update(name).digest(), names.hash);
  }
  let isNamed = false;
  for (const pattern of names.patterns) {
    if (!pattern.startsWith('!')) isNamed ||= matches(pattern, name);
    // One negated match takes the whole line away.
    else if (matches(pattern.slice(1), name)) return false;
  }
  return isNamed;
}

/** `*` is any run, `?` any one character. Linear in both, whatever the pattern. */
function matches(pattern: string, text: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let resume = 0;
  while (next < text.length) {
    const want = pattern[at];
    if (want === '*') {
      star = at;
      at += 1;
      resume = next;
    } else if (want !== undefined && (want === '?' || want === text[next])) {
      at += 1;
      next += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      next = resume;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

/** The name at the front of a public key; null where there is none. */
export function keyTypeOf(key: Buffer): string | null {
  if (key.length < 5) return null;
  const length = key.readUInt32BE(0);
  if (length === 0 || length > 64 || length + 4 > key.length) return null;
  const name = key.toString('latin1', 4, 4 + length);
  return /^[\w.@-]+$/.test(name) ? name : null;
}

/** `SHA256:…`, as ssh prints it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replaceAll('=', '')}`;
}

/** A line for this key, without a line end. */
export function knownHostLine(host: string, port: number, key: Buffer): string {
  return `${hostName(host, port)} ${keyTypeOf(key) ?? ''} ${key.toString('base64')}`;
}
