import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AppError } from '../../../../src-contract/app-error.ts';
import type { SshAccess } from '../remote-access.ts';
import {
  entriesFor,
  fingerprintOf,
  judgeKey,
  keyTypeOf,
  parseKnownHosts,
  type KnownHost,
} from './known-hosts.ts';
import {
  hostChanged,
  hostRevoked,
  hostUnknown,
  knownHostsNotRead,
  type HostKey,
} from './ssh-errors.ts';

/** Bytes of a `known_hosts` that is read: some 50,000 hosts. */
const MAX_KNOWN_HOSTS_BYTES = 16 * 1024 * 1024;

/** What is offered to a host that nothing is known of. RSA only with SHA-2. */
const HOST_KEY_ALGORITHMS: readonly string[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

interface Located extends KnownHost {
  readonly file: string;
}

/** The person's own known hosts and Carrel's, as they are now. A missing file is an empty one. */
export function loadKnownHosts(access: SshAccess): readonly Located[] {
  const files = [
    join(access.userDir, 'known_hosts'),
    join(access.userDir, 'known_hosts2'),
    access.knownHosts,
  ];
  return files.flatMap((file) =>
    parseKnownHosts(readIfThere(file)).entries.map((entry) => ({ ...entry, file })),
  );
}

/** Errors: `library/known-hosts-not-read`. Going on without it could miss a key that was revoked. */
export function readIfThere(file: string): string {
  try {
    if (statSync(file).size > MAX_KNOWN_HOSTS_BYTES) throw knownHostsNotRead(file);
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    throw knownHostsNotRead(file, error);
  }
}

/**
 * Which kinds of key the host may show: those that are known for it, so that nobody in between can
 * have another kind asked about. `ssh-rsa` is the name of the key; its signatures are SHA-2.
 */
export function acceptedAlgorithms(
  entries: readonly KnownHost[],
  host: string,
  port: number,
): readonly string[] {
  const known = entriesFor(entries, host, port).filter(({ isRevoked }) => !isRevoked);
  if (known.length === 0) return HOST_KEY_ALGORITHMS;
  const types = new Set(known.map(({ keyType }) => keyType));
  const usable = HOST_KEY_ALGORITHMS.filter((name) =>
    types.has(name.startsWith('rsa-sha2-') ? 'ssh-rsa' : name),
  );
  // Known by a kind that isn't spoken here: whatever it shows is then another key, and said to be.
  return usable.length > 0 ? usable : HOST_KEY_ALGORITHMS;
}

/** Null where the key is known for the host; else what to say, `library/host-unknown`, `-changed` or `-revoked`. */
export function refusalOf(
  entries: readonly Located[],
  host: string,
  port: number,
  key: Buffer,
): AppError | null {
  const shown: HostKey = {
    host,
    port,
    keyType: keyTypeOf(key) ?? 'unknown',
    fingerprint: fingerprintOf(key),
  };
  const verdict = judgeKey(entries, host, port, key);
  switch (verdict.kind) {
    case 'known':
      return null;
    case 'unknown':
      return hostUnknown(shown);
    case 'revoked':
      return hostRevoked(shown);
    case 'changed':
      return hostChanged(shown, placeOf(entries, verdict.expected));
  }
}

/** Where the key that a host should show is written down; null where none is known. */
export function expectedPlace(
  entries: readonly Located[],
  host: string,
  port: number,
): string | null {
  const known = entriesFor(entries, host, port).find(({ isRevoked }) => !isRevoked);
  return known ? placeOf(entries, known) : null;
}

function placeOf(entries: readonly Located[], known: KnownHost): string {
  const file = entries.find((entry) => entry === known)?.file ?? 'known_hosts';
  return `line ${known.line} of ${file}`;
}
