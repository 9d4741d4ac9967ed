import { spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { dirname } from 'node:path';
import type { AppError } from '../../../../../src-contract/app-error.ts';
import { notGit, stalled, tooLarge } from '../../errors.ts';
import { MAX_FETCH_BYTES, REMOTE_IDLE_MS } from '../../limits.ts';
import { nativeEnv } from '../native-env.ts';
import { gitNeeded, refuseDecidingHooks } from './local-repository.ts';
import type { ServeStep } from './local.ts';
import type { TransportOptions, WireStep } from './transport.ts';

/** Only what git says about itself is read of its stderr. */
const MAX_STDERR_CHARS = 4_096;
/** macOS has a `git` that only offers to install Git. */
const ONLY_AN_OFFER = /xcrun: error|xcode-select: (?:error|note)/;

/**
 * Serves a folder with git's own `upload-pack` and `receive-pack` as child processes.
 * Errors: `library/git-needed` (Git is not installed), `library/not-a-git-remote`,
 * `library/timed-out`, `library/too-large`, `library/hooks-decide`.
 */
export function nativeGit(path: string, options: TransportOptions): ServeStep {
  let received = 0;
  return async (step, body) => {
    if (step.service === 'git-receive-pack') refuseDecidingHooks(path);
    return run(step, body);
  };

  function run({ service, step }: WireStep, input: Buffer): Promise<readonly Buffer[]> {
    const verb = service.slice('git-'.length);
    const mode = step === 'ask' ? ['--stateless-rpc', '--advertise-refs'] : ['--stateless-rpc'];
    return new Promise((resolve, reject) => {
      // A folder of our choice: Windows looks for programs in the current one first.
      const child = spawn('git', [verb, ...mode, '--', path], {
        // No other protocol: a partial clone can't make it fetch.
        env: nativeEnv(process.env, OVERRIDES, 'none'),
        cwd: dirname(process.execPath),
        stdio: ['pipe', 'pipe', 'pipe'],
        windowsHide: true,
        signal: options.signal,
      });
      const parts: Buffer[] = [];
      let bytes = 0;
      let stderr = '';
      let failure: AppError | null = null;
      const idleMs = options.idleMs ?? REMOTE_IDLE_MS;
      const stop = (error: AppError): void => {
        failure ??= error;
        child.kill('SIGKILL');
      };
      let timer = setTimeout(() => stop(stalled(path)), idleMs);
      child.stdout.on('data', (part: Buffer) => {
        clearTimeout(timer);
        timer = setTimeout(() => stop(stalled(path)), idleMs);
        bytes += part.length;
        received += part.length;
        if (bytes > (options.maxBytes ?? MAX_FETCH_BYTES)) stop(tooLarge('bytes in one answer'));
        else parts.push(part);
        options.onBytes(received);
      });
      child.stderr.setEncoding('utf8');
      child.stderr.on('data', (text: string) => {
        stderr = (stderr + text).slice(0, MAX_STDERR_CHARS);
      });
      // A child that ends early closes the pipe under us; its exit code tells why.
      child.stdin.on('error', (error) => {
        stderr = `${stderr}${error.message}`;
      });
      child.on('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        reject(error.code === 'ENOENT' ? gitNeeded('It needs Git.', error) : error);
      });
      child.on('close', (code) => {
        clearTimeout(timer);
        if (failure) reject(failure);
        else if (code === 0) resolve(parts);
        else if (ONLY_AN_OFFER.test(stderr)) reject(gitNeeded('It needs Git.'));
        else reject(notGit(path, new Error(stderr)));
      });
      child.stdin.end(input);
    });
  }
}

/**
 * What outranks the repository's own configuration: nothing of it may name a program to run, and what
 * is checked out there isn't written over. Ownership isn't asked: a shared folder's repository belongs
 * to somebody else by nature, and the person named this path.
 */
const OVERRIDES: Readonly<Record<string, string>> = {
  'safe.directory': '*',
  'core.hooksPath': devNull,
  // A command for the shell that says nothing: an empty one would be an error.
  'core.alternateRefsCommand': ':',
  'core.fsmonitor': 'false',
  'receive.autogc': 'false',
  'receive.denyCurrentBranch': 'refuse',
  'receive.fsckObjects': 'true',
};
