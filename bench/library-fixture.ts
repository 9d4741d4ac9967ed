import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Commits before the newest: as many as a team makes in some months. */
const COMMITS = 200;
/** Files that each of them changes. */
const CHANGED = 10;
/** Files of one folder. */
const FOLDER = 40;

/** Native git as it comes, without this machine's configuration and without work in the background. */
export const nativeEnv: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  HOME: tmpdir(),
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: devNull,
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'gc.auto',
  GIT_CONFIG_VALUE_0: '0',
  GIT_CONFIG_KEY_1: 'maintenance.auto',
  GIT_CONFIG_VALUE_1: 'false',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.invalid',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.invalid',
};

export function git(dir: string, args: readonly string[], input?: string | Buffer): string {
  const { status, stdout, stderr } = spawnSync('git', args, {
    cwd: dir,
    env: nativeEnv,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    ...(input === undefined ? {} : { input }),
  });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

export function pathOf(n: number): string {
  return `prompts/${Math.floor(n / FOLDER)}/prompt-${n}.prompt.md`;
}

/** A prompt of one to four thousand characters, another one for each version. */
export function textOf(n: number, version: number): string {
  let state = (n * 7_919 + 1) % 2_147_483_647;
  const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
  const words = Array.from({ length: 150 + random(450) }, () => WORDS[random(WORDS.length)] ?? '');
  words.splice(random(words.length), 0, `version ${version}`);
  const body = words.map((word, at) => (at % 12 === 11 ? `${word}\n` : `${word} `)).join('');
  return `---\ntitle: Prompt ${n}\ndescription: One of many\n---\n${body}\n`;
}

const WORDS = Array.from(
  { length: 700 },
  (_, n) =>
    `${'bcdfghjklmnprstvwz'[n % 18]}${'aeiou'[n % 5]}${'lmnrst'[n % 6]}${'aeiou'[Math.floor(n / 7) % 5]}${n % 3 ? 'n' : 'sted'}`,
);

/** A bare repository with so many files and a history, packed as a forge packs it. */
export function makeRemote(root: string, files: number): string {
  const bare = join(root, 'team.git');
  git(root, ['init', '-q', '--bare', '--initial-branch=main', bare]);
  git(bare, ['config', 'http.receivepack', 'true']);
  const lines: string[] = [];
  const commit = (n: number, paths: readonly (readonly [string, string])[]): void => {
    lines.push(
      `commit refs/heads/main\ncommitter Ada <ada@example.invalid> ${1_700_000_000 + n} +0000\n`,
    );
    lines.push(`${data(`Version ${n}`)}\n`);
    for (const [path, text] of paths) lines.push(`M 644 inline ${path}\n${data(text)}\n`);
  };
  const all = Array.from({ length: files }, (_, n) => [pathOf(n), textOf(n, 0)] as const);
  commit(0, [['carrel.yaml', 'format: 1\nname: Bench\n'], ...all]);
  for (let n = 1; n < COMMITS; n += 1) {
    const changed = Array.from({ length: CHANGED }, (_, at) => (n * 37 + at * 11) % files);
    commit(
      n,
      changed.map((file) => [pathOf(file), textOf(file, n)] as const),
    );
  }
  git(bare, ['fast-import', '--quiet'], lines.join(''));
  git(bare, ['repack', '-adq']);
  return bare;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

/** Writes a new version of some files into a folder. */
export function change(dir: string, from: number, count: number, version: number): void {
  for (let n = from; n < from + count; n += 1) {
    const path = join(dir, pathOf(n));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, textOf(n, version));
  }
}
