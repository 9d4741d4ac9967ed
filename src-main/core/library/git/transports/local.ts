import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname } from 'node:path';
import { AppError } from '../../../../../src-contract/app-error.ts';
import { notGit, remoteNotFound, stalled, tooLarge } from '../../errors.ts';
import { MAX_FETCH_BYTES, REMOTE_IDLE_MS } from '../../limits.ts';
import {
  bodyOf,
  collectBody,
  type Transport,
  type TransportOptions,
  type WireRequest,
  type WireResponse,
} from './transport.ts';

/** Only what upload-pack says about itself is read of its stderr. */
const MAX_STDERR_CHARS = 4_096;

/**
 * A repository on this machine, served by git's own `upload-pack` as a child process. isomorphic-git
 * knows http only, so it is told an address that can't exist and the requests come here.
 *
 * Errors: `library/git-needed` (git is not installed), `library/remote-not-found`,
 * `library/not-a-git-remote`, `library/timed-out`, `library/too-large`.
 */
export function localTransport(path: string, options: TransportOptions): Transport {
  const wireUrl = `http://local.invalid/r/${Buffer.from(path, 'utf8').toString('base64url')}`;
  let received = 0;
  return { wireUrl, place: path, request };

  async function request(wire: WireRequest): Promise<WireResponse> {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw remoteNotFound(path);
    const advertise = wire.url === `${wireUrl}/info/refs?service=git-upload-pack`;
    if (!advertise && wire.url !== `${wireUrl}/git-upload-pack`) {
      throw new Error('a request outside of its repository');
    }
    const body = advertise ? Buffer.alloc(0) : await collectBody(wire.body);
    const output = await uploadPack(advertise, body);
    const bytes = advertise
      ? Buffer.concat([Buffer.from('001e# service=git-upload-pack\n0000', 'latin1'), output])
      : output;
    const type = advertise ? 'advertisement' : 'result';
    return {
      url: wire.url,
      statusCode: 200,
      statusMessage: 'OK',
      headers: { 'content-type': `application/x-git-upload-pack-${type}` },
      body: bodyOf(bytes),
    };
  }

  function uploadPack(advertise: boolean, input: Buffer): Promise<Buffer> {
    const mode = advertise ? ['--stateless-rpc', '--advertise-refs'] : ['--stateless-rpc'];
    return new Promise((resolve, reject) => {
      // A folder of our choice: Windows looks for programs in the current one first.
      const child = spawn('git', ['upload-pack', ...mode, '--', path], {
        env: cleanEnv(process.env),
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
        reject(error.code === 'ENOENT' ? gitNeeded(error) : error);
      });
      child.on('close', (code) => {
        clearTimeout(timer);
        if (failure) reject(failure);
        else if (code === 0) resolve(Buffer.concat(parts));
        else reject(notGit(path, new Error(stderr)));
      });
      child.stdin.end(input);
    });
  }
}

/**
 * No configuration but the repository's own, from which upload-pack takes no hook; no other protocol,
 * so that a partial clone can't make it fetch; one language for its messages. Ownership isn't asked:
 * a shared folder's repository belongs to somebody else by nature, and the person named this path.
 */
function cleanEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = ['PATH', 'Path', 'PATHEXT', 'SystemRoot', 'SYSTEMROOT', 'TEMP', 'TMP', 'TMPDIR'];
  return {
    ...Object.fromEntries(kept.flatMap((key) => (env[key] ? [[key, env[key]]] : []))),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: devNull,
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_LAZY_FETCH: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
}

function gitNeeded(cause: unknown): AppError {
  return new AppError('library/git-needed', 'Reading a repository by its path needs Git.', {
    remedy: 'Install Git (git-scm.com), or use the https address of the repository.',
    cause,
  });
}
