import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Native git without this machine's configuration: the same everywhere. */
export const gitEnv: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  HOME: tmpdir(),
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: devNull,
  // A repository of a test lives for seconds: nothing to keep safe from a power cut, nothing to pack.
  ...gitConfig({ 'core.fsync': 'none', 'gc.auto': '0', 'maintenance.auto': 'false' }),
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.invalid',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.invalid',
};

function gitConfig(values: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const entries = Object.entries(values);
  return {
    GIT_CONFIG_COUNT: String(entries.length),
    ...Object.fromEntries(
      entries.flatMap(([key, value], n) => [
        [`GIT_CONFIG_KEY_${n}`, key],
        [`GIT_CONFIG_VALUE_${n}`, value],
      ]),
    ),
  };
}

export function git(dir: string, ...args: string[]): string {
  return gitIn(dir, undefined, ...args);
}

export function gitIn(dir: string, input: string | Buffer | undefined, ...args: string[]): string {
  return execFileSync('git', args, {
    cwd: dir,
    env: gitEnv,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(input === undefined ? {} : { input }),
  }).trim();
}

export function tempDir(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'carrel-library-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A team's repository: a bare one to clone from, and a work tree that pushes to it. */
export class TeamRepo {
  readonly bare: string;
  readonly work: string;

  constructor(root: string, branch = 'main') {
    this.bare = join(root, 'team.git');
    this.work = join(root, 'team-work');
    git(root, 'init', '-q', '--bare', `--initial-branch=${branch}`, this.bare);
    git(root, 'init', '-q', `--initial-branch=${branch}`, this.work);
    git(this.work, 'remote', 'add', 'origin', this.bare);
  }

  /** Writes files (null removes a file or folder), commits and pushes them. Returns the commit's id. */
  commit(files: Readonly<Record<string, string | Buffer | null>>, message = 'Change'): string {
    for (const [path, content] of Object.entries(files)) {
      const at = join(this.work, path);
      if (content === null) rmSync(at, { recursive: true });
      else {
        mkdirSync(dirname(at), { recursive: true });
        writeFileSync(at, content);
      }
    }
    git(this.work, 'add', '-A');
    git(this.work, 'commit', '-q', '-m', message);
    return this.push();
  }

  /**
   * Commits a tree of raw entries that a work tree could never hold (bad names, links, submodules) on
   * top of the branch and pushes it. Entries are `mode type oid` by raw name.
   */
  commitTree(entries: readonly { mode: string; name: string | Buffer; oid: string }[]): string {
    const raw = entries.map(({ mode, name, oid }) =>
      Buffer.concat([
        Buffer.from(`${mode} `),
        typeof name === 'string' ? Buffer.from(name, 'utf8') : name,
        Buffer.from([0]),
        Buffer.from(oid, 'hex'),
      ]),
    );
    const tree = gitIn(
      this.work,
      Buffer.concat(raw),
      'hash-object',
      '-t',
      'tree',
      '-w',
      '--stdin',
      '--literally',
    );
    const head = git(this.work, 'rev-parse', 'HEAD');
    const commit = git(this.work, 'commit-tree', tree, '-p', head, '-m', 'Raw tree');
    git(this.work, 'update-ref', 'HEAD', commit);
    return this.push();
  }

  blob(content: string | Buffer): string {
    return gitIn(this.work, content, 'hash-object', '-w', '--stdin');
  }

  push(...args: string[]): string {
    git(this.work, 'push', '-q', ...args, 'origin', 'HEAD');
    return git(this.work, 'rev-parse', 'HEAD');
  }
}
