import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { AppError } from '../../../../../src-contract/app-error.ts';
import { notGit } from '../../errors.ts';

/** A repository's own configuration is a few lines; more is not one. */
const MAX_CONFIG_BYTES = 1024 * 1024;
/** The hooks that decide what a repository takes, or do the taking themselves. */
const DECIDING_HOOKS = ['pre-receive', 'update', 'proc-receive', 'reference-transaction'];

/** The git directory of a repository: the folder itself (bare) or its `.git`. Errors: `library/not-a-git-remote`. */
export function gitDirOf(path: string): string {
  const found = [join(path, '.git'), path].find(
    (dir) =>
      existsSync(join(dir, 'HEAD')) &&
      statSync(join(dir, 'objects'), { throwIfNoEntry: false })?.isDirectory() === true,
  );
  if (found === undefined) throw notGit(path);
  return found;
}

/** The plain keys of a repository's configuration as `section.key`, lower case; keys of subsections are left out. */
export function readConfig(gitdir: string): ReadonlyMap<string, string> {
  const path = join(gitdir, 'config');
  const values = new Map<string, string>();
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats || stats.size > MAX_CONFIG_BYTES) return values;
  let section: string | null = null;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const head = /^\s*\[([^\]]*)\]/.exec(line)?.[1];
    if (head !== undefined) section = /^[\w.-]+$/.test(head) ? head.toLowerCase() : null;
    const [, key, value] = /^\s*([a-z][\w-]*)\s*(?:=\s*(.*?))?\s*$/i.exec(line) ?? [];
    if (section !== null && key !== undefined) {
      values.set(`${section}.${key.toLowerCase()}`, value ?? 'true');
    }
  }
  return values;
}

/** Errors: `library/hooks-decide` where the repository has hooks that a push by path would go round. */
export function refuseDecidingHooks(path: string): void {
  const gitdir = gitDirOf(path);
  const own = readConfig(gitdir).get('core.hookspath')?.replaceAll(/^"|"$/g, '');
  const dir = own === undefined ? join(gitdir, 'hooks') : isAbsolute(own) ? own : join(gitdir, own);
  const hook = DECIDING_HOOKS.find((name) => isProgram(join(dir, name)));
  if (hook === undefined) return;
  throw new AppError(
    'library/hooks-decide',
    `The repository at ${path} decides by a program of its own what it takes.`,
    {
      remedy: `Use its address on the server (https or SSH), where its hook "${hook}" runs. By a path no hook is run.`,
      data: { path, hook },
    },
  );
}

/** As git decides it: what may be executed is a hook. Windows has no such right. */
function isProgram(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') return false;
    throw error;
  }
}

/** What only Git can read or write. */
export function gitNeeded(why: string, cause?: unknown): AppError {
  return new AppError('library/git-needed', `This repository can't be used by its path. ${why}`, {
    remedy: 'Install Git (git-scm.com), or use the https or SSH address of the repository.',
    cause,
  });
}
