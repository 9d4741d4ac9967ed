import { userInfo } from 'node:os';
import type { Client, ServerHostKeyAlgorithm } from 'ssh2';
import type * as Ssh2 from 'ssh2';
import { connectionCut, offline, stalled } from '../errors.ts';
import type { SshAccess } from '../remote-access.ts';
import { SSH_PORT } from './ssh-address.ts';
import { acceptedAlgorithms, expectedPlace, loadKnownHosts, refusalOf } from './host-keys.ts';
import { hostChanged, sshDenied, sshProtocol } from './ssh-errors.ts';
import { keyAttempts, type Tried } from './ssh-keys.ts';

export interface SshTarget {
  readonly host: string;
  /** Null: 22. */
  readonly port: number | null;
  /** Null: who this person is on this machine. */
  readonly user: string | null;
}

export interface ConnectOptions {
  readonly signal: AbortSignal;
  /** Milliseconds that the host may take until it has let us in. */
  readonly idleMs: number;
}

/**
 * Connects and logs in. The host shows who it is before anything is proven to it.
 *
 * Errors: `library/host-unknown` (with what `trustHost` takes), `library/host-changed`,
 * `library/host-revoked`, `library/access-denied`, `library/ssh-key-needs-passphrase`,
 * `library/ssh-key-not-read`, `library/known-hosts-not-read`, `library/offline`,
 * `library/timed-out`, `library/connection-cut`, `library/ssh-failed`.
 */
export async function connectSsh(
  target: SshTarget,
  access: SshAccess,
  { signal, idleMs }: ConnectOptions,
): Promise<Client> {
  const ssh2 = await loadSsh2();
  signal.throwIfAborted();
  const { host } = target;
  const port = target.port ?? SSH_PORT;
  const username = target.user ?? accountName();
  const known = loadKnownHosts(access);
  const tried: Tried = { ways: [], mendable: null };
  const attempts = keyAttempts(ssh2, access, username, tried);
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    let hostProven = false;
    const settle = (end: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      end();
    };
    const fail = (error: unknown): void =>
      settle(() => {
        reject(error);
        client.destroy();
      });
    const onAbort = (): void => fail(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    client.on('ready', () => settle(() => resolve(client)));
    // The client says more than one error of one failure; the first that reaches the caller counts.
    client.on('error', (error: Error & { level?: string; code?: unknown }) => {
      // An agent that fails is one way less; the next is tried.
      if (error.level !== 'agent') fail(inWords(error));
    });
    client.on('close', () => fail(connectionCut(host)));
    try {
      client.connect({
        host,
        port,
        username,
        readyTimeout: idleMs,
        // Mirrors what is known, in the order of preference of the client.
        algorithms: {
          serverHostKey: [...acceptedAlgorithms(known, host, port)] as ServerHostKeyAlgorithm[],
        },
        hostVerifier: (key: Buffer): boolean => {
          const refusal = refusalOf(known, host, port, key);
          if (refusal) fail(refusal);
          hostProven = refusal === null;
          return hostProven;
        },
        authHandler: (methods, isPartial, next) => {
          const mayUseKeys = (methods as readonly string[] | null)?.includes('publickey') ?? true;
          if (!mayUseKeys || isPartial) return fail(sshDenied(host, tried.ways));
          const answer = async (): Promise<void> => {
            const { value, done } = await attempts.next();
            if (done || !value) fail(tried.mendable ?? sshDenied(host, tried.ways));
            else next(value);
          };
          answer().catch(fail);
        },
      });
    } catch (error) {
      fail(sshProtocol(host, error));
    }

    function inWords(error: Error & { level?: string; code?: unknown }): unknown {
      if (error.level === 'client-timeout') return stalled(host);
      if (error.level === 'client-authentication') return sshDenied(host, tried.ways, error);
      if (error.level === 'client-socket' || error.level === 'client-dns') {
        return error.code === 'ECONNRESET' || error.code === 'EPIPE'
          ? connectionCut(host, error)
          : offline(host, error);
      }
      if (/no matching host key format/.test(error.message)) {
        const place = expectedPlace(known, host, port);
        if (place !== null) return hostChanged({ host, port }, place);
      }
      if (/too many authentication failures/i.test(error.message)) {
        return sshDenied(host, [...tried.ways, 'more keys than it hears'], error);
      }
      // A connection that ends while it is set up is cut, whatever the reader of the protocol calls it.
      if (/connection lost|unexpected end/i.test(error.message)) return connectionCut(host, error);
      return hostProven && error.level === undefined
        ? connectionCut(host, error)
        : sshProtocol(host, error);
    }
  });
}

/** An account without an entry in the system's list still has a name in most environments. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    if (error instanceof Error) return process.env['USER'] ?? process.env['USERNAME'] ?? 'git';
    throw error;
  }
}

/** Loads ssh2 at its first use only. A CommonJS module: all that it is, is its default. */
export async function loadSsh2(): Promise<typeof Ssh2> {
  return (await import('ssh2')).default;
}
