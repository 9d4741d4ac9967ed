import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import { connectionCut, offline, stalled } from '../errors.ts';
import { writeAtomic } from '../git/atomic-fs.ts';
import { REMOTE_IDLE_MS } from '../limits.ts';
import type { SshAccess } from '../remote-access.ts';
import { loadSsh2 } from './connect.ts';
import { acceptedAlgorithms, loadKnownHosts, readIfThere, refusalOf } from './host-keys.ts';
import { fingerprintOf, judgeKey, keyTypeOf, knownHostLine } from './known-hosts.ts';
import { hostChanged, sshProtocol } from './ssh-errors.ts';

export interface ConfirmedHost {
  readonly host: string;
  readonly port: number;
  /** `SHA256:…`, as the error `library/host-unknown` told it and a person compared it. */
  readonly fingerprint: string;
  readonly ssh: SshAccess;
}

/**
 * Keeps the key of a host in Carrel's own `known_hosts`. The host is asked for its key again: only the
 * key that has the confirmed fingerprint is written. A host that is known already stays as it is.
 *
 * Errors: `library/host-changed` (another key than the confirmed or known one), `library/host-revoked`,
 * `library/known-hosts-not-read`, `library/offline`, `library/timed-out`, `library/ssh-failed`.
 */
export async function trustHost(
  { host, port, fingerprint, ssh }: ConfirmedHost,
  signal: AbortSignal,
  idleMs: number = REMOTE_IDLE_MS,
): Promise<void> {
  const known = loadKnownHosts(ssh);
  const algorithms = acceptedAlgorithms(known, host, port);
  const key = await shownKey(host, port, algorithms, signal, idleMs);
  const shown = fingerprintOf(key);
  if (shown !== fingerprint) {
    const keyType = keyTypeOf(key) ?? 'unknown';
    throw hostChanged({ host, port, keyType, fingerprint: shown }, null);
  }
  const verdict = judgeKey(known, host, port, key);
  if (verdict.kind === 'known') return;
  const refusal = refusalOf(known, host, port, key);
  if (refusal && verdict.kind !== 'unknown') throw refusal;
  const before = readIfThere(ssh.knownHosts);
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  const text = `${before}${gap}${knownHostLine(host, port, key)}\n`;
  const dir = dirname(ssh.knownHosts);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  writeAtomic(ssh.knownHosts, Buffer.from(text, 'utf8'), dir);
}

/** The key that a host shows; that it is its own, it proves at each later connection. Nothing is told to it. */
async function shownKey(
  host: string,
  port: number,
  algorithms: readonly string[],
  signal: AbortSignal,
  idleMs: number,
): Promise<Buffer> {
  const { Client } = await loadSsh2();
  signal.throwIfAborted();
  const client = new Client();
  const onAbort = (): void => void client.destroy();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      client.on('close', () => reject(connectionCut(host)));
      client.on('error', (error: Error & { level?: string }) => {
        if (error.level === 'client-timeout') reject(stalled(host));
        else if (error.level === 'client-socket') reject(offline(host, error));
        else reject(sshProtocol(host, error));
      });
      client.connect({
        host,
        port,
        username: 'nobody',
        readyTimeout: idleMs,
        algorithms: { serverHostKey: [...algorithms] as ServerHostKeyAlgorithm[] },
        hostVerifier: (key: Buffer): boolean => {
          resolve(key);
          return false;
        },
      });
    });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    client.destroy();
  }
}
