import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt } from '../helpers/built.helper.ts';
import { Cli, type Json, type Running } from '../helpers/cli.helper.ts';
import { fixtureLibrary } from '../helpers/git-fixture-library.ts';
import { git, TeamRepo } from '../helpers/git-repo.ts';
import { startSshd } from '../helpers/sshd.ts';

/** Two people on one bare repository: Ada's commands attach to her running app, Bob's run alone. */
const ada = new Cli();
const bob = new Cli();
const scratch = mkdtempSync(join(tmpdir(), 'carrel-cli-library-'));
const README = 'README.md';
const PROMPT = 'prompts/review/code.prompt.md';
let team: TeamRepo;
let first: string;
let shell: Running;

beforeAll(async () => {
  ensureBuilt();
  team = new TeamRepo(scratch);
  first = team.commit(fixtureLibrary, 'First');
  shell = ada.start(['--json', 'serve']);
  await shell.line((line) => line['ok'] === true);
  await Promise.all([
    ada.ok(['init', '--library', team.bare]),
    bob.ok(['init', '--library', 'team.git'], { cwd: scratch }),
  ]);
});

afterAll(async () => {
  shell.child.kill('SIGTERM');
  await shell.finished;
  for (const cli of [ada, bob]) {
    git(scratch, '--git-dir', cli.workspace('library'), 'fsck', '--strict', '--full');
    await cli.end();
  }
  git(scratch, '--git-dir', team.bare, 'fsck', '--strict', '--full');
  rmSync(scratch, { recursive: true, force: true });
});

function file(cli: Cli, path: string): string {
  return cli.workspace('files', path);
}

/** Text of a file in the team's newest version. */
function inTeam(path: string): string {
  return git(scratch, '--git-dir', team.bare, 'show', `main:${path}`);
}

/** The one document of a command that ends with `code`. */
async function ends(cli: Cli, code: number, args: readonly string[]): Promise<Json> {
  const done = await cli.run(args);
  expect([done.code, done.lines.length], done.stdout + done.stderr).toEqual([code, 1]);
  return done.lines[0] ?? {};
}

describe('the library of a team', () => {
  test('Ada changes a prompt and publishes it; Bob looks, updates and has it', async () => {
    appendFileSync(file(ada, PROMPT), 'Be kind.\n');
    const changed = [{ path: PROMPT, change: 'modified' }];
    expect(await ada.ok(['library', 'status'])).toMatchObject({
      state: 'idle',
      edited: 1,
      changed,
    });
    expect(await ada.ok(['library', 'preview'])).toMatchObject({ changed: [{ path: PROMPT }] });
    const diff = await ada.ok(['library', 'diff', PROMPT]);
    expect(JSON.stringify(diff['diffs'])).toContain('"op":"added","text":"Be kind."');
    const published = await ends(ada, 0, ['library', 'publish', '-m', 'Kinder reviews']);
    expect(published).toMatchObject({
      state: 'published',
      changed,
      conflicts: [],
      quarantined: [],
    });
    expect(git(scratch, '--git-dir', team.bare, 'rev-parse', 'main')).toBe(published['version']);
    expect(inTeam(PROMPT)).toContain('Be kind.');

    expect(await bob.ok(['library', 'check'])).toMatchObject({
      version: first,
      available: { version: published['version'], changed },
    });
    expect(await ends(bob, 0, ['library', 'update'])).toMatchObject({
      state: 'updated',
      version: published['version'],
      changed,
      conflicts: [],
      quarantined: [],
    });
    expect(readFileSync(file(bob, PROMPT), 'utf8')).toContain('Be kind.');
  });

  test('both change one line: exit 4 until Bob has decided, then his version goes out', async () => {
    writeFileSync(file(ada, README), '# Team of Ada\n');
    await ends(ada, 0, ['library', 'publish', '-m', 'Title by Ada']);
    writeFileSync(file(bob, README), '# Team of Bob\n');
    const conflicts = [{ path: README, kind: 'text' }];
    expect(await ends(bob, 4, ['library', 'update'])).toMatchObject({
      ok: true,
      state: 'conflict',
      conflicts,
    });
    expect(readFileSync(file(bob, README), 'utf8')).toBe('# Team of Bob\n');
    expect(await ends(bob, 4, ['library', 'conflicts'])).toMatchObject({ conflicts });
    expect(await bob.ok(['library', 'status'])).toMatchObject({ state: 'conflict', conflicts });
    // Another item is not held up by it, yet the exit code still tells that somebody has to decide.
    appendFileSync(file(bob, PROMPT), 'Be brief.\n');
    expect(await ends(bob, 4, ['library', 'publish', '-m', 'Brief', PROMPT])).toMatchObject({
      state: 'published',
      changed: [{ path: PROMPT }],
      conflicts,
    });

    const both = join(scratch, 'both.md');
    writeFileSync(both, '# Team of Ada and Bob\n');
    expect(await ends(bob, 0, ['library', 'resolve', README, '--file', both])).toMatchObject({
      conflicts: [],
    });
    await ends(bob, 0, ['library', 'conflicts']);
    await ends(bob, 0, ['library', 'publish', '-m', 'Title by both']);
    expect(inTeam(README)).toBe('# Team of Ada and Bob');
    await ends(ada, 0, ['library', 'update']);
    expect(readFileSync(file(ada, README), 'utf8')).toBe('# Team of Ada and Bob\n');
  });

  test('versions: log, show by a shortened id, roll one item back, then the whole', async () => {
    const { versions } = (await ada.ok(['library', 'log'])) as {
      versions: { version: string; message: string }[];
    };
    expect(versions.map(({ message }) => message)).toEqual([
      'Title by both',
      'Brief',
      'Title by Ada',
      'Kinder reviews',
      'First',
    ]);
    const [newest] = versions;
    expect(await ada.ok(['library', 'log', PROMPT, '--limit', '1'])).toMatchObject({
      versions: [{ message: 'Brief' }],
    });
    expect(await ada.ok(['library', 'show', (newest?.version ?? '').slice(0, 12)])).toMatchObject({
      version: newest?.version,
      message: 'Title by both',
      changed: [{ path: README, change: 'modified' }],
    });
    const rolled = await ends(ada, 0, [
      'library',
      'rollback',
      first.slice(0, 12),
      '--item',
      README,
    ]);
    expect(rolled).toMatchObject({ state: 'published', changed: [{ path: README }] });
    expect(inTeam(README)).toBe('# Team of tests');
    expect(inTeam(PROMPT)).toContain('Be brief.');
    await ends(ada, 0, ['library', 'rollback', first]);
    expect(git(scratch, '--git-dir', team.bare, 'diff', '--stat', first, 'main')).toBe('');
    await ends(bob, 0, ['library', 'update']);
    expect(readFileSync(file(bob, PROMPT), 'utf8')).toBe(fixtureLibrary[PROMPT]);
  });

  test('a publish without the remote waits and goes out with the next update', async () => {
    renameSync(team.bare, `${team.bare}.away`);
    appendFileSync(file(ada, README), 'Written on a train.\n');
    expect(await ends(ada, 0, ['library', 'publish', '-m', 'On a train'])).toMatchObject({
      state: 'queued',
      queued: 1,
      waitsFor: { code: expect.stringMatching(/^library\//), remedy: expect.any(String) },
    });
    expect(await ada.ok(['library', 'log', '--limit', '1'])).toMatchObject({
      versions: [{ message: 'On a train', state: 'queued' }],
    });
    renameSync(`${team.bare}.away`, team.bare);
    expect(await ends(ada, 0, ['library', 'update'])).toMatchObject({ queued: 0 });
    expect(inTeam(README)).toContain('train');
    await ends(bob, 0, ['library', 'update']);
  });

  test('what deletes much asks first, on both sides', async () => {
    const gone = Object.keys(fixtureLibrary).filter((path) => !path.startsWith('carrel'));
    for (const path of gone) rmSync(file(ada, path));
    expect(await ends(ada, 4, ['library', 'publish', '-m', 'Fresh start'])).toMatchObject({
      ok: true,
      state: 'held',
    });
    expect(inTeam(README)).toContain('train');
    const allow = '--allow-deletions';
    await ends(ada, 0, ['library', 'publish', '-m', 'Fresh start', allow]);
    expect(await ends(bob, 4, ['library', 'update'])).toMatchObject({ state: 'held' });
    expect(await bob.ok(['library', 'status'])).toMatchObject({ state: 'held' });
    expect(readFileSync(file(bob, README), 'utf8')).toContain('train');
    await ends(bob, 0, ['library', 'update', allow]);
    expect(() => readFileSync(file(bob, README))).toThrow();
    const { entries } = (await bob.ok(['library', 'trash'])) as {
      entries: { id: string; path: string }[];
    };
    const readme = entries.find(({ path }) => path === README);
    await bob.ok(['library', 'restore', readme?.id ?? '']);
    expect(readFileSync(file(bob, README), 'utf8')).toContain('train');
  });
});

describe('items from the terminal', () => {
  test('create, rename, remove, restore, discard', async () => {
    const made = await bob.ok(['library', 'create', 'prompt', 'Say hello']);
    const path = String(made['path']);
    const renamed = await bob.ok(['library', 'rename', path, 'prompts/greet.prompt.md']);
    expect(renamed).toMatchObject({ path: 'prompts/greet.prompt.md' });
    const { trashed } = (await bob.ok(['library', 'remove', 'prompts/greet.prompt.md'])) as {
      trashed: { id: string }[];
    };
    const prompts = ['library', 'items', '--kind', 'prompt'];
    expect(await bob.ok(prompts)).toMatchObject({ items: [] });
    await bob.ok(['library', 'restore', trashed[0]?.id ?? '']);
    expect(await bob.ok(prompts)).toMatchObject({
      items: [{ path: 'prompts/greet.prompt.md', state: 'added' }],
    });
    appendFileSync(file(bob, 'carrel.yaml'), '# mine\n');
    expect(await bob.ok(['library', 'discard', 'carrel.yaml'])).toMatchObject({
      trashed: [{ path: 'carrel.yaml', why: 'discarded' }],
    });
    expect(readFileSync(file(bob, 'carrel.yaml'), 'utf8')).toBe(fixtureLibrary['carrel.yaml']);
  });

  test('export for another program and import from it', async () => {
    const out = await bob.ok(['library', 'export', '--to', 'vscode', 'out'], { cwd: scratch });
    expect(out['written']).toEqual(expect.arrayContaining([expect.stringContaining('greet')]));
    expect(await ada.ok(['library', 'import', join(scratch, 'out')])).toMatchObject({
      written: expect.arrayContaining([expect.stringContaining('greet')]) as unknown,
    });
  });
});

describe('the way in', () => {
  test('a token is kept and never shown', async () => {
    const url = 'https://git.example.invalid/team.git';
    const token = 'zq-s3cret-t0ken-of-a-test';
    const set = await ada.run(
      ['library', 'access', 'set', url, '--user', 'ada', '--secret-stdin'],
      {
        input: `${token}\n`,
      },
    );
    expect(set.lines).toMatchObject([
      { ok: true, access: { kind: 'password', username: 'ada', hasSecret: true } },
    ]);
    const shown = await ada.run(['library', 'access', 'show', url]);
    expect(shown.lines).toMatchObject([{ access: { username: 'ada', hasSecret: true } }]);
    expect(set.stdout + set.stderr + shown.stdout).not.toContain(token);
    await ada.ok(['library', 'access', 'set', url, '--none']);
    expect(await ada.ok(['library', 'access', 'show', url])).toMatchObject({
      access: { kind: 'none', hasSecret: false },
    });
    const key = await bob.ok(['library', 'access', 'set', 'git@host.invalid:t.git', '--key', 'k'], {
      cwd: scratch,
    });
    expect(key['access']).toMatchObject({ kind: 'ssh', keyFile: join(scratch, 'k') });
  });

  test('over SSH: a script is told how to confirm the host; then init goes on', async () => {
    const sshd = await startSshd(scratch);
    const eve = new Cli();
    const options = { env: { HOME: scratch, USERPROFILE: scratch, SSH_AUTH_SOCK: '' } };
    try {
      const url = sshd.url(team.bare);
      const refused = await eve.run(['init', '--library', url], options);
      const [answer] = refused.lines as { error: { code: string; remedy: string } }[];
      const { code = '', remedy = '' } = answer?.error ?? {};
      expect([refused.code, code]).toEqual([1, 'library/host-unknown']);
      const command = /carrel (library trust .*)$/.exec(remedy)?.[1] ?? remedy;
      expect(await eve.ok(command.split(' '), options)).toMatchObject({ port: sshd.port });
      const key = ['--key', join(sshd.home, 'id_ed25519')];
      await eve.ok(['library', 'access', 'set', url, ...key], options);
      const made = await eve.ok(['init', '--library', url], options);
      expect(made).toMatchObject({ library: { url } });
    } finally {
      await eve.end();
      await sshd.close();
    }
  });

  test('another remote', async () => {
    expect(await bob.ok(['library', 'remote'])).toMatchObject({ url: team.bare });
    expect(await bob.ok(['library', 'remote', 'team.git'], { cwd: scratch })).toMatchObject({
      url: team.bare,
    });
  });

  test.each([
    [['library', 'resolve', 'x', '--mine', '--theirs'], 2, 'usage/invalid'],
    [['library', 'resolve', 'x'], 2, 'usage/invalid'],
    [['library', 'resolve', 'x', '--file', 'no-such-file'], 2, 'usage/unreadable-file'],
    [['library', 'resolve', 'carrel.yaml', '--mine'], 1, 'library/not-in-conflict'],
    [['library', 'publish'], 2, 'usage/invalid'],
    [['library', 'publish', '-m', ' '], 2, 'router/invalid-input'],
    [['library', 'show', 'main'], 2, 'usage/bad-version'],
    [['library', 'show', 'ffffff'], 1, 'library/unknown-version'],
    [['library', 'rollback', 'f'.repeat(40)], 1, 'library/unknown-version'],
    [['library', 'diff', 'no-such-item'], 1, 'library/unknown-item'],
    [['library', 'items', '--kind', 'song'], 2, 'router/invalid-input'],
    [['library', 'export', '--to', 'emacs', 'x'], 2, 'router/invalid-input'],
    [['library', 'access', 'set', 'https://x.invalid/a.git', '--user', 'a'], 2, 'usage/no-key'],
    [
      ['library', 'access', 'set', 'https://x.invalid/a.git', '--agent'],
      1,
      'library/access-mismatch',
    ],
    [['library', 'remote', 'ftp://x.invalid/a.git'], 1, 'library/bad-url'],
  ])('%j: exit %i, %s', async (args, code, error) => {
    expect(await ends(ada, code, args)).toMatchObject({
      ok: false,
      error: { code: error, remedy: expect.stringMatching(/\S/) },
    });
  });
});
