import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt } from '../helpers/built.helper.ts';
import { TestEngine } from '../helpers/engine.helper.ts';
import { fixtureLibrary } from '../helpers/git-fixture-library.ts';
import { startGitHttp, type GitHttpServer } from '../helpers/git-http-server.ts';
import { git, TeamRepo } from '../helpers/git-repo.ts';
import { makeKey, startSshd, type Sshd } from '../helpers/sshd.ts';
import { newCanary, search } from './canary.helper.ts';

const secrets = {
  'token of a host': newCanary(),
  'refused token': newCanary(),
  'passphrase of a key': newCanary(),
  'wrong passphrase': newCanary(),
} as const;
const README = 'README.md';
const PROMPT = 'prompts/review/code.prompt.md';

const scratch = mkdtempSync(join(tmpdir(), 'carrel-engine-library-'));
const home = join(scratch, 'home');
const engine = new TestEngine(join(scratch, 'data'), {
  env: {
    ...process.env,
    HOME: home,
    USERPROFILE: home,
    SSH_AUTH_SOCK: '',
    CARREL_LOG_LEVEL: 'debug',
  },
});
const watched: string[] = [];
let team: TeamRepo;
let sshd: Sshd;
let http: GitHttpServer;
let url: string;

beforeAll(async () => {
  ensureBuilt();
  mkdirSync(home);
  team = new TeamRepo(scratch);
  team.commit(fixtureLibrary, 'First');
  git(scratch, '--git-dir', team.bare, 'config', 'http.receivepack', 'true');
  sshd = await startSshd(scratch);
  url = sshd.url(team.bare);
  http = await startGitHttp(scratch, {
    meddle: (request, response) => {
      const wanted = Buffer.from(`ada:${secrets['token of a host']}`).toString('base64');
      if (request.headers.authorization === `Basic ${wanted}`) return false;
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return true;
    },
  });
  await engine.start();
  void engine.stream('app.watch', {}, ({ topic }) => watched.push(topic));
});

afterAll(async () => {
  git(scratch, '--git-dir', engine.workspace('library'), 'fsck', '--strict', '--full');
  git(scratch, '--git-dir', team.bare, 'fsck', '--strict', '--full');
  await engine.end();
  await sshd.close();
  await http.close();
  rmSync(scratch, { recursive: true, force: true });
});

async function fails(route: string, input: unknown): Promise<Record<string, unknown>> {
  const result = await engine.result(route, input);
  if (result.ok) throw new Error(`${route} did not fail`);
  expect(result.error.remedy).toMatch(/\S/);
  return { ...result.error };
}

async function connect(): Promise<{
  code: string;
  data?: Readonly<Record<string, unknown>>;
} | null> {
  const { end } = await engine.stream('library.connect', { source: { kind: 'remote', url } });
  return end.ok ? null : end.error;
}

function key(passphrase: string | null) {
  const keyFile = join(scratch, 'ada-key');
  return { url, access: { kind: 'ssh', keyFile, passphrase, program: 'built-in' } } as const;
}

describe('the way in, over SSH', () => {
  test('an unknown host is trusted by its fingerprint alone', async () => {
    const refused = await connect();
    expect(refused).toMatchObject({
      code: 'library/host-unknown',
      data: { host: '127.0.0.1', port: sshd.port, fingerprint: expect.stringMatching(/^SHA256:/) },
    });
    const host = '127.0.0.1';
    const { port } = sshd;
    const fingerprint = String(refused?.data?.['fingerprint']);
    const wrong = { host, port, fingerprint: `SHA256:${'A'.repeat(43)}` };
    expect(await fails('library.trustHost', wrong)).toMatchObject({ code: 'library/host-changed' });
    expect(engine.has('known_hosts')).toBe(false);
    const { trustedAt } = await engine.call('library.trustHost', { host, port, fingerprint });
    expect(trustedAt).toBeGreaterThan(Date.now() - 60_000);
    const list = engine.workspace('known_hosts');
    expect(readFileSync(list, 'utf8')).toContain(sshd.hostKey('ed25519'));
    if (process.platform !== 'win32') expect(statSync(list).mode & 0o777).toBe(0o600);
  });

  test('a key with its passphrase, from the vault', async () => {
    expect(await connect()).toMatchObject({ code: expect.stringMatching(/^library\//) });
    const passphrase = secrets['passphrase of a key'];
    makeKey(join(scratch, 'ada-key'), { passphrase });
    sshd.authorize(readFileSync(join(scratch, 'ada-key.pub'), 'utf8'));
    await engine.call('library.setAccess', key(null));
    expect(await connect()).toMatchObject({ code: 'library/ssh-key-needs-passphrase' });
    await engine.call('library.setAccess', key(secrets['wrong passphrase']));
    expect(await connect()).toMatchObject({ code: expect.stringMatching(/^library\/ssh-key/) });
    await engine.call('library.setAccess', key(passphrase));
    expect(await connect()).toBeNull();
    const access = await engine.call('library.access', {});
    expect(access).toMatchObject({ kind: 'ssh', hasSecret: true, program: 'built-in' });
    expect(JSON.stringify(access)).not.toContain(passphrase);
    expect(await engine.call('library.status', {})).toMatchObject({
      url,
      state: { kind: 'idle' },
      nextCheckAt: expect.any(Number),
    });
  });
});

describe('items', () => {
  test('are made, written, moved, taken out and put back', async () => {
    const made = await engine.call('library.create', { kind: 'prompt', name: 'Greet' });
    const { source } = await engine.call('library.item', { path: made.path });
    const content = `${source ?? ''}Hello {{name}}\n`;
    expect((await engine.call('library.parse', { path: made.path, content })).body).toContain(
      'Hello',
    );
    const saved = await engine.call('library.save', { path: made.path, content, expect: made.oid });
    expect(
      await fails('library.save', { path: made.path, content: 'Else', expect: made.oid }),
    ).toMatchObject({ code: 'library/changed-meanwhile' });
    const moved = await engine.call('library.rename', {
      from: saved.path,
      to: 'prompts/hello.prompt.md',
    });
    const { trashed } = await engine.call('library.remove', { path: moved.path });
    expect((await engine.call('library.trash', {})).entries.map(({ id }) => id)).toContain(
      trashed[0]?.id,
    );
    expect(await engine.call('library.restore', { id: trashed[0]?.id ?? '' })).toEqual({
      path: moved.path,
      oid: saved.oid,
    });
    expect(await engine.call('library.items', { kind: 'prompt' })).toMatchObject({
      items: [
        { path: moved.path, state: 'added' },
        { path: PROMPT, state: 'clean' },
      ],
    });
  });

  test('go out over SSH with a message; versions tell what they changed', async () => {
    expect(await engine.call('library.preview', {})).toMatchObject({
      changes: [{ path: 'prompts/hello.prompt.md', change: 'added', blocked: null }],
      queued: [],
    });
    watched.length = 0;
    const { events, end } = await engine.stream('library.publish', { message: 'Greeting' });
    expect(end).toEqual({ ok: true, value: null });
    const done = events.at(-1);
    if (done?.type !== 'done') throw new Error('no result');
    expect(done).toMatchObject({
      summary: { state: 'published' },
      status: { edited: 0, queued: 0 },
    });
    expect(watched).toContain('library');
    const { version } = done.summary;
    expect(git(scratch, '--git-dir', team.bare, 'rev-parse', 'main')).toBe(version);
    expect(await engine.call('library.show', { version })).toMatchObject({
      version: { message: 'Greeting', state: 'published' },
      changed: [{ path: 'prompts/hello.prompt.md', change: 'added' }],
    });
    expect(await engine.call('library.log', { path: 'prompts/hello.prompt.md' })).toMatchObject({
      versions: [{ version }],
    });
  });

  test('a version is read, compared, and gone back to', async () => {
    git(team.work, 'pull', '-q', 'origin', 'main');
    team.commit({ [README]: '# Second\n' }, 'Second');
    const checked = await engine.stream('library.check', {});
    expect(checked.events.at(-1)).toMatchObject({
      status: { available: { changed: [{ path: README, change: 'modified' }] } },
    });
    const updated = await engine.stream('library.update', {});
    expect(updated.events.at(-1)).toMatchObject({ summary: { state: 'updated' } });
    const { versions } = await engine.call('library.log', {});
    const first = versions.at(-1)?.version ?? '';
    expect(await engine.call('library.at', { version: first, path: README })).toMatchObject({
      source: fixtureLibrary[README],
    });
    expect(await engine.call('library.diff', { path: README, from: first })).toMatchObject({
      change: 'modified',
      kind: 'text',
    });
    const back = await engine.stream('library.rollback', { version: first, path: README });
    expect(back.events.at(-1)).toMatchObject({ summary: { state: 'published' } });
    expect(readFileSync(engine.workspace('files', README), 'utf8')).toBe(fixtureLibrary[README]);
  });

  test('a conflict is shown side by side, survives a kill and ends with a text', async () => {
    const { oid } = await engine.call('library.item', { path: README });
    await engine.call('library.save', { path: README, content: '# Mine\n', expect: oid });
    git(team.work, 'pull', '-q', 'origin', 'main');
    team.commit({ [README]: '# Theirs\n' }, 'Theirs');
    const { events } = await engine.stream('library.update', {});
    expect(events.at(-1)).toMatchObject({ summary: { state: 'conflict', conflicts: [README] } });
    await engine.kill();
    await engine.start();
    expect(await engine.call('library.status', {})).toMatchObject({
      state: { kind: 'conflict', items: 1 },
    });
    expect(await engine.call('library.conflicts', {})).toMatchObject({
      conflicts: [{ path: README, kind: 'text' }],
    });
    expect(await engine.call('library.conflict', { path: README })).toMatchObject({
      mineText: '# Mine\n',
      theirsText: '# Theirs\n',
    });
    const take = { kind: 'text', text: '# Both\n' } as const;
    expect(await engine.call('library.resolve', { path: README, take })).toMatchObject({
      conflicts: 0,
      edited: 1,
    });
    expect(await engine.call('library.discard', { path: README })).toMatchObject({
      trashed: [{ path: README }],
    });
    expect(readFileSync(engine.workspace('files', README), 'utf8')).toBe('# Theirs\n');
  });

  test('other programs', async () => {
    const dir = join(scratch, 'out');
    const out = await engine.call('library.export', { to: 'vscode', dir });
    expect(out.written.length).toBeGreaterThan(0);
    expect((await engine.call('library.import', { from: dir })).written).toBeInstanceOf(Array);
  });
});

describe('a token', () => {
  test('lets in by https, after another remote was given', async () => {
    const web = http.url('team.git');
    expect(await engine.call('library.setRemote', { url: web })).toMatchObject({ url: web });
    const access = (password: string) =>
      ({ url: web, access: { kind: 'password', username: 'ada', password } }) as const;
    await engine.call('library.setAccess', access(secrets['refused token']));
    // A check by itself may be on its way: it gives way to this one.
    const refused = await engine.stream('library.check', {});
    expect(refused.end).toMatchObject({ ok: false, error: { code: 'library/access-denied' } });
    expect(await engine.call('library.status', {})).toMatchObject({
      state: { kind: 'failed', error: { action: 'give-access' } },
    });
    await engine.call('library.setAccess', access(secrets['token of a host']));
    const allowed = await engine.stream('library.check', {});
    expect(allowed.end).toEqual({ ok: true, value: null });
  });

  test('and a passphrase lie nowhere in plain, also after a kill', async () => {
    const found = (): string[] => search(engine.dataDir, secrets);
    expect(found()).toEqual([]);
    const { lines } = await engine.call('health.logs', { limit: 1_000, level: 'debug' });
    expect(lines.length).toBeGreaterThan(0);
    for (const secret of Object.values(secrets))
      expect(JSON.stringify(lines)).not.toContain(secret);
    await engine.kill();
    expect(found()).toEqual([]);
    await engine.start();
    expect(await engine.call('library.access', {})).toMatchObject({ hasSecret: true });
    expect(await engine.stop()).toBe(0);
    expect(found()).toEqual([]);
  });
});
