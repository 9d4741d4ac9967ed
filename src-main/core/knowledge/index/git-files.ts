import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MAX_FILES_PER_ADD } from '../limits.ts';
import { tooManyFiles } from '../errors.ts';
import { isIgnored } from './ignores.ts';

/** Listing a kernel tree takes 0.2 s; more than this is a network disk or a broken repository. */
const GIT_TIMEOUT_MS = 60_000;
/** Nothing that a repository's own configuration names may run: it may be anybody's. */
const SAFE = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

/**
 * Files of a git checkout, tracked or new, that git does not ignore, relative to `dir`. Null where
 * `dir` is in no checkout, git is not installed, or it fails: then the folder is walked as it is.
 *
 * Errors: `knowledge/too-many-files`.
 */
export async function gitFiles(dir: string, signal: AbortSignal): Promise<string[] | null> {
  if (!isInCheckout(dir)) return null;
  const listing = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const names: string[] = [];
  const isWhole = await run(['-C', dir, ...SAFE, ...listing], signal, (name) => {
    if (names.length >= MAX_FILES_PER_ADD) throw tooManyFiles();
    if (!name.split('/').some(isIgnored)) names.push(name);
  });
  if (!isWhole) return null;
  // A file in a merge conflict is listed once per stage.
  return [...new Set(names)].toSorted();
}

function isInCheckout(dir: string): boolean {
  for (let at = dir; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return true;
    if (dirname(at) === at) return false;
  }
}

function run(
  args: readonly string[],
  signal: AbortSignal,
  onName: (name: string) => void,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')),
    );
    const child = spawn('git', args, {
      env: { ...env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: GIT_TIMEOUT_MS,
      signal,
      windowsHide: true,
    });
    let rest = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text: string) => {
      const names = (rest + text).split('\0');
      rest = names.pop() ?? '';
      try {
        for (const name of names) onName(name);
      } catch (error) {
        child.kill();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
}
