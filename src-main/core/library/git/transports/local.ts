import { statSync } from 'node:fs';
import { AppError } from '../../../../../src-contract/app-error.ts';
import { remoteNotFound } from '../../errors.ts';
import { nativeGit } from './local-git.ts';
import { localStore } from './local-store.ts';
import {
  answered,
  collectBody,
  type Transport,
  type TransportOptions,
  type WireRequest,
  type WireResponse,
  type WireStep,
  wireStep,
} from './transport.ts';

/** Serves one step of git's protocol from a folder. The answer is whole or there is none. */
export type ServeStep = (step: WireStep, body: Buffer) => Promise<readonly Buffer[]>;

/**
 * A repository on this machine or on a mounted drive. isomorphic-git knows http only, so it is told an
 * address that can't exist and the requests come here: to git's own programs where Git is installed,
 * else to an object copy in JavaScript.
 *
 * Neither runs a hook or any other command of that repository: a folder that somebody shared would
 * otherwise run programs as this person. A repository whose hooks decide what it takes
 * (`pre-receive`, `update`, …) refuses a push by path and says so.
 *
 * Errors: `library/remote-not-found`, `library/not-a-git-remote`, `library/git-needed` (a form of
 * repository that only Git reads), `library/timed-out`, `library/too-large`, `library/hooks-decide`.
 */
export function localTransport(path: string, options: TransportOptions): Transport {
  const wireUrl = `http://local.invalid/r/${Buffer.from(path, 'utf8').toString('base64url')}`;
  const byGit = nativeGit(path, options);
  const byHand = localStore(path, options);
  let hasGit = true;
  return { wireUrl, place: path, request, close: () => undefined };

  async function request(wire: WireRequest): Promise<WireResponse> {
    const step = wireStep(wireUrl, wire.url);
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw remoteNotFound(path);
    const body = step.step === 'send' ? await collectBody(wire.body) : Buffer.alloc(0);
    return answered(wire.url, step, await serve(step, body));
  }

  async function serve(step: WireStep, body: Buffer): Promise<readonly Buffer[]> {
    if (!hasGit) return byHand(step, body);
    try {
      return await byGit(step, body);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'library/git-needed') throw error;
      // Nothing was sent: the program was not there to take it.
      hasGit = false;
      return byHand(step, body);
    }
  }
}
