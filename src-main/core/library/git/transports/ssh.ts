import { MAX_FETCH_BYTES, REMOTE_IDLE_MS } from '../../limits.ts';
import type { SshAccess } from '../../remote-access.ts';
import type { SshRemote } from '../../ssh/ssh-address.ts';
import { builtInChannels } from '../../ssh/built-in-channels.ts';
import { shellQuoted } from '../../ssh/git-channel.ts';
import { systemChannels } from '../../ssh/system-channels.ts';
import { SshConversation } from './ssh-conversation.ts';
import {
  answered,
  collectBody,
  type Service,
  type Transport,
  type TransportOptions,
  type WireRequest,
  type WireResponse,
  wireStep,
} from './transport.ts';

/** A conversation that nobody goes on with is ended after so many milliseconds: a job thinks for less. */
const PARKED_MS = 30_000;

/**
 * Git over SSH, seen as smart HTTP. A question for refs starts git's program on the server and reads
 * its refs; the program then waits, and the request that follows goes on with it. So a fetch is one
 * run, as with git itself. Where nobody waits any more, a new run is started and its refs are passed
 * over: the server compares what is asked with what it has.
 *
 * Errors: those of `connectSsh`; `library/ssh-banner`, `library/no-git-on-server`,
 * `library/remote-not-found`, `library/unsafe-repository`, `library/access-denied`,
 * `library/remote-refused`, `library/connection-cut`, `library/timed-out`, `library/too-large`,
 * `library/ssh-program-missing`.
 */
export function sshTransport(
  remote: SshRemote,
  access: SshAccess,
  options: TransportOptions,
): Transport {
  const wireUrl = `http://ssh.invalid/r/${Buffer.from(remote.path, 'utf8').toString('base64url')}`;
  const idleMs = options.idleMs ?? REMOTE_IDLE_MS;
  const limits = { idleMs, maxBytes: options.maxBytes ?? MAX_FETCH_BYTES };
  const opener = (access.program === 'system' ? systemChannels : builtInChannels)(remote, access, {
    signal: options.signal,
    idleMs,
  });
  let received = 0;
  const parked = new Map<Service, SshConversation>();
  let timer: NodeJS.Timeout | undefined;
  return { wireUrl, place: remote.host, request, close };

  async function request(wire: WireRequest): Promise<WireResponse> {
    clearTimeout(timer);
    const step = wireStep(wireUrl, wire.url);
    const { service } = step;
    const waiting = parked.get(service);
    parked.delete(service);
    if (step.step === 'ask') {
      void waiting?.leave();
      const conversation = await begin(service);
      const refs = await conversation.readRefs();
      parked.set(service, conversation);
      timer = setTimeout(close, PARKED_MS);
      timer.unref();
      return answered(wire.url, step, [refs]);
    }
    const body = await collectBody(wire.body);
    const conversation = waiting?.isOpen() === true ? waiting : await begin(service);
    await conversation.readRefs();
    return answered(wire.url, step, await conversation.exchange(body));
  }

  async function begin(service: Service): Promise<SshConversation> {
    // No GIT_PROTOCOL: version 0 is what this end speaks, and servers refuse unknown variables.
    const channel = await opener.open(`${service} ${shellQuoted(remote.path)}`);
    return new SshConversation({
      channel,
      remote,
      limits,
      signal: options.signal,
      onBytes: (bytes) => {
        received += bytes;
        options.onBytes(received);
      },
    });
  }

  function close(): void {
    clearTimeout(timer);
    const waiting = [...parked.values()];
    parked.clear();
    // A word of farewell, so that the server does not log a lost client; then the connection ends.
    void Promise.all(waiting.map((conversation) => conversation.leave())).then(() =>
      opener.close(),
    );
  }
}
