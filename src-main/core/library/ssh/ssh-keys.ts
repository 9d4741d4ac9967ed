import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type {
  AgentAuthMethod,
  BaseAgent,
  IdentityCallback,
  ParsedKey,
  PublicKeyAuthMethod,
  SignCallback,
  SigningRequestOptions,
} from 'ssh2';
import type * as Ssh2 from 'ssh2';
import { AppError } from '../../../../src-contract/app-error.ts';
import type { SshAccess } from '../remote-access.ts';
import { keyNotRead, needsPassphrase } from './ssh-errors.ts';
import { publicPart } from './public-part.ts';

/** The usual names, as OpenSSH tries them; keys of a security device need the ssh program. */
const USUAL_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];
/** A private key is a few kilobytes. */
const MAX_KEY_BYTES = 64 * 1024;

/** What was tried, for the message when nothing of it worked. */
export interface Tried {
  readonly ways: string[];
  /** The first thing that could be mended: a key that needs its passphrase, say. */
  mendable: AppError | null;
}

/**
 * The ways to prove who we are, one after the other: the agent, then a key file. With a key file
 * chosen only that key is used, by the agent where it holds it: another key of the agent could be
 * another account. Without, all keys of the agent, then the usual files.
 *
 * Files are read when their turn comes. Errors: `library/ssh-key-not-read`,
 * `library/ssh-key-needs-passphrase` for the chosen file.
 */
export async function* keyAttempts(
  ssh2: typeof Ssh2,
  access: SshAccess,
  username: string,
  tried: Tried,
): AsyncGenerator<AgentAuthMethod | PublicKeyAuthMethod, undefined, undefined> {
  const chosen = access.keyFile === null ? null : atHome(access.keyFile);
  if (access.agent !== null) {
    const only = chosen === null ? null : publicPart(chosen);
    const agent = ssh2.createAgent(access.agent);
    const keys = await identities(agent, tried);
    const usable = keys.filter((key) => only === null || key.getPublicSSH().equals(only));
    // A chosen key whose public part isn't to be had can't be found in the agent either.
    if (usable.length > 0 && (chosen === null || only !== null)) {
      tried.ways.push(`the SSH agent (${usable.length} ${usable.length === 1 ? 'key' : 'keys'})`);
      yield { type: 'agent', username, agent: holding(ssh2, agent, usable) };
    } else if (keys.length === 0 && tried.ways.length === 0) {
      tried.ways.push('the SSH agent (it holds no key)');
    }
  }
  if (chosen !== null) {
    const key = readKey(ssh2, chosen, access.passphrase);
    tried.ways.push(chosen);
    yield { type: 'publickey', username, key };
    return;
  }
  for (const name of USUAL_KEYS) {
    const file = join(access.userDir, name);
    const key = usualKey(ssh2, file, access.passphrase, tried);
    if (!key) continue;
    tried.ways.push(file);
    yield { type: 'publickey', username, key };
  }
}

function usualKey(
  ssh2: typeof Ssh2,
  file: string,
  passphrase: string | null,
  tried: Tried,
): ParsedKey | null {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return null;
  try {
    return readKey(ssh2, file, passphrase);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const why = error.code === 'library/ssh-key-needs-passphrase' ? 'locked' : 'not readable';
    tried.ways.push(`${file} (${why})`);
    tried.mendable ??= error;
    return null;
  }
}

/** Errors: `library/ssh-key-not-read`, `library/ssh-key-needs-passphrase`. */
export function readKey(ssh2: typeof Ssh2, file: string, passphrase: string | null): ParsedKey {
  const bytes = readKeyFile(file);
  const key = parse(ssh2, bytes, passphrase);
  if (!(key instanceof Error)) {
    if (!key.isPrivateKey()) throw keyNotRead(file, 'it is a public key');
    return key;
  }
  const isLocked = /no passphrase given/.test(
    passphrase === null ? key.message : bare(ssh2, bytes),
  );
  if (isLocked) throw needsPassphrase(file, passphrase !== null);
  throw keyNotRead(file, 'its form is not known', key);
}

function bare(ssh2: typeof Ssh2, bytes: Buffer): string {
  const key = parse(ssh2, bytes, null);
  return key instanceof Error ? key.message : '';
}

function parse(ssh2: typeof Ssh2, bytes: Buffer, passphrase: string | null): ParsedKey | Error {
  const parsed: ParsedKey | ParsedKey[] | Error = ssh2.utils.parseKey(
    bytes,
    passphrase ?? undefined,
  );
  return Array.isArray(parsed) ? (parsed[0] ?? new Error('no key in it')) : parsed;
}

function readKeyFile(file: string): Buffer {
  try {
    if (statSync(file).size > MAX_KEY_BYTES) throw keyNotRead(file, 'it is too large for a key');
    return readFileSync(file);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw keyNotRead(file, isMissing ? 'there is no such file' : 'the file can not be read', error);
  }
}

/** The keys of an agent; an agent that isn't there is one more way that did not work. */
async function identities(agent: BaseAgent, tried: Tried): Promise<readonly ParsedKey[]> {
  return new Promise((resolve) => {
    agent.getIdentities((error, keys) => {
      if (error || !keys) {
        tried.ways.push('the SSH agent (it does not answer)');
        resolve([]);
      } else resolve(keys.filter(isParsed));
    });
  });
}

function isParsed(key: unknown): key is ParsedKey {
  return typeof key === 'object' && key !== null && 'getPublicSSH' in key;
}

/** The agent, as if it held these keys only. */
function holding(ssh2: typeof Ssh2, agent: BaseAgent, keys: readonly ParsedKey[]): BaseAgent {
  class Holding extends ssh2.BaseAgent {
    getIdentities(callback: IdentityCallback): void {
      callback(null, [...keys]);
    }
    sign(
      key: ParsedKey | Buffer | string,
      data: Buffer,
      options: SigningRequestOptions | SignCallback,
      callback?: SignCallback,
    ): void {
      if (typeof options === 'function') agent.sign(key, data, options);
      else agent.sign(key, data, options, callback);
    }
  }
  return new Holding();
}

/** `~/…` as people write it. */
function atHome(file: string): string {
  return file.startsWith('~/') ? join(homedir(), file.slice(2)) : file;
}
