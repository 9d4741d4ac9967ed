import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { IndexEvent } from '../../../src-contract/knowledge.ts';
import { Bench, codeOf, recorder } from './knowledge.helper.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.dispose());

/** Old enough that size and time alone say that a file is the same. */
function age(file: string): void {
  const then = new Date(Date.now() - 60_000);
  utimesSync(file, then, then);
}

describe('adding', () => {
  test('a folder is indexed with an event per file, and a second time is a no-op', async () => {
    age(bench.write('guide/start.md', '# Start\n\nInstall the otter.\n'));
    age(bench.write('notes.txt', 'Otters hold hands.\n'));
    const first = recorder();
    const summary = await bench.service.add({ paths: [bench.docs] }, { emit: first.emit });
    expect(summary).toMatchObject({
      collection: 'docs',
      files: { total: 2, indexed: 2, unchanged: 0, skipped: 0, failed: [] },
      chunks: 2,
    });
    const files = first.events.filter((event) => event.type === 'file');
    expect(files.map((event) => event.path)).toEqual(['guide/start.md', 'notes.txt']);
    expect(first.events.at(-1)).toEqual({ type: 'done', summary });
    const last = first.events.findLast((event) => event.type === 'progress');
    expect(last).toMatchObject({ done: 2, total: 2 });

    const again = await bench.service.add({ paths: [bench.docs] });
    expect(again.files).toMatchObject({ total: 2, indexed: 0, unchanged: 2 });
    expect(bench.service.collections()).toMatchObject([
      { name: 'docs', origin: 'local', files: 2, chunks: 2, state: 'ready', sources: [bench.docs] },
    ]);
  });

  test('changed, new, moved and deleted files are noticed', async () => {
    const kept = bench.write('kept.md', 'The heron stays.\n');
    const changed = bench.write('changed.md', 'An old walrus.\n');
    const moved = bench.write('moved.md', 'A wandering stork.\n');
    const deleted = bench.write('deleted.md', 'A short-lived mayfly.\n');
    for (const file of [kept, changed, moved, deleted]) age(file);
    await bench.service.add({ collection: 'Zoo', paths: [bench.docs] });
    bench.write('changed.md', 'A new penguin.\n');
    renameSync(moved, join(bench.docs, 'elsewhere.md'));
    rmSync(deleted);
    bench.write('added.md', 'A late swallow.\n');
    const summary = await bench.service.reindex({ collection: 'zoo', rebuild: false });
    expect(summary.files).toMatchObject({ total: 4, indexed: 3, unchanged: 1, failed: [] });
    expect(await bench.found('walrus')).toEqual([]);
    expect(await bench.found('mayfly')).toEqual([]);
    expect(await bench.found('penguin')).toEqual(['changed.md']);
    expect(await bench.found('stork')).toEqual(['elsewhere.md']);
    expect(await bench.found('swallow')).toEqual(['added.md']);
    expect(await bench.found('heron')).toEqual(['kept.md']);
  });

  test('a change within the time step of the file system is found by its hash', async () => {
    bench.write('a.md', 'first otter\n');
    await bench.service.add({ paths: [bench.docs] });
    bench.write('a.md', 'other heron\n');
    const again = await bench.service.add({ paths: [bench.docs] });
    expect(again.files.indexed).toBe(1);
    expect(await bench.found('heron')).toEqual(['a.md']);
    expect((await bench.service.add({ paths: [bench.docs] })).files.unchanged).toBe(1);
  });

  test('a touched file with the same bytes is unchanged', async () => {
    const file = bench.write('a.md', 'first otter\n');
    age(file);
    await bench.service.add({ paths: [bench.docs] });
    utimesSync(file, new Date(1_000_000), new Date(1_000_000));
    expect((await bench.service.add({ paths: [bench.docs] })).files.unchanged).toBe(1);
  });

  test('a file that fails never blocks the rest', async () => {
    bench.write('good.md', 'A fine badger.\n');
    bench.write('photo.png', Buffer.from([0x89, 0x50, 0x4e, 0x47]));
    bench.write('report.pdf', '%PDF-1.7');
    bench.write('latin1.txt', Buffer.from([0x63, 0x61, 0x66, 0xe9]));
    bench.write('binary.txt', Buffer.from('a\0b'));
    bench.write('huge.txt', Buffer.alloc(10 * 1024 * 1024 + 1, 'x'));
    bench.write('.env', 'TOKEN=secret');
    const closed = bench.write('closed.md', 'nobody may read this');
    chmodSync(closed, 0o000);
    // Who may read everything (root in a container) can still not read a folder as a file.
    const mayReadAll = process.getuid?.() === 0;
    const summary = await bench.service.add({ collection: 'Mixed', paths: [bench.docs] });
    const failed = new Map(summary.files.failed.map((file) => [file.path, file.code]));
    expect(failed.get('latin1.txt')).toBe('knowledge/not-text');
    expect(failed.get('binary.txt')).toBe('knowledge/not-text');
    expect(failed.get('huge.txt')).toBe('knowledge/too-large');
    if (!mayReadAll) expect(failed.get('closed.md')).toBe('knowledge/unreadable');
    expect(summary.files.skipped).toBe(3);
    const page = { offset: 0, limit: 50, only: 'problems' } as const;
    const { files, total } = bench.service.files({ collection: 'Mixed', ...page });
    expect(total).toBe(files.length);
    const codes = new Map(files.map((file) => [file.path, [file.state, file.error?.code]]));
    expect(codes.get('photo.png')).toEqual(['skipped', 'knowledge/not-yet-supported']);
    expect(codes.get('report.pdf')).toEqual(['skipped', 'knowledge/not-yet-supported']);
    expect(codes.get('.env')).toEqual(['skipped', 'knowledge/looks-secret']);
    expect(codes.has('good.md')).toBe(false);
    expect(await bench.found('badger')).toEqual(['good.md']);
    // What failed is tried again, what was left out is not.
    bench.write('latin1.txt', 'café');
    const again = await bench.service.reindex({ collection: 'Mixed', rebuild: false });
    expect(again.files).toMatchObject({ indexed: 1, skipped: 3 });
    expect(await bench.found('cafe')).toEqual(['latin1.txt']);
  });

  test('missing paths are told, and refused where nothing is there', async () => {
    const good = bench.write('good.md', 'A fine badger.\n');
    const none = join(bench.root, 'none');
    const summary = await bench.service.add({ collection: 'A', paths: [good, none, 'relative'] });
    expect(summary.files.failed.map((file) => [file.path, file.code])).toEqual([
      [none, 'knowledge/path-missing'],
      ['relative', 'knowledge/path-missing'],
    ]);
    expect(bench.service.collections()[0]?.sources).toEqual([good]);
    expect(await codeOf(bench.service.add({ paths: [none] }))).toBe('knowledge/path-missing');
    expect(await codeOf(bench.service.add({ paths: [bench.data] }))).toBe(
      'knowledge/inside-data-dir',
    );
    expect(bench.service.collections()).toHaveLength(1);
  });

  test('a source that is away keeps its files', async () => {
    bench.write('a.md', 'A fine badger.\n');
    await bench.service.add({ collection: 'A', paths: [bench.docs] });
    renameSync(bench.docs, `${bench.docs}-away`);
    const summary = await bench.service.reindex({ collection: 'A', rebuild: false });
    expect(summary.files.failed).toMatchObject([{ path: bench.docs }]);
    renameSync(`${bench.docs}-away`, bench.docs);
    expect(await bench.found('badger')).toEqual(['a.md']);
  });

  test('links are not followed out of the folder', async () => {
    const outside = join(bench.root, 'outside');
    mkdirSync(outside);
    symlinkSync('/etc', join(bench.docs, 'etc'));
    symlinkSync(outside, join(bench.docs, 'folder'));
    symlinkSync(join(bench.root, 'data', 'store.db'), join(bench.docs, 'store.md'));
    bench.write('real.md', 'Only this one.\n');
    const summary = await bench.service.add({ paths: [bench.docs] });
    expect(summary.files.total).toBe(1);
  });

  test('in a git checkout what git ignores is left out, and its configuration runs nothing', async () => {
    const git = (...args: string[]): void =>
      void execFileSync('git', ['-C', bench.docs, ...args], { stdio: 'ignore' });
    git('init');
    bench.write('.gitignore', 'built/\n*.log\n');
    bench.write('built/out.md', 'generated lynx\n');
    bench.write('debug.log', 'noisy lynx\n');
    bench.write('src/lynx.md', 'a real lynx\n');
    bench.write('node_modules/pkg/readme.md', 'a foreign lynx\n');
    git('add', '-f', 'src/lynx.md', 'node_modules');
    const witness = join(bench.root, 'witness');
    git('config', 'core.fsmonitor', `touch ${witness}; false`);
    const summary = await bench.service.add({ collection: 'G', paths: [bench.docs] });
    expect(summary.files.total).toBe(2);
    expect(await bench.found('lynx')).toEqual(['src/lynx.md']);
    expect(existsSync(witness)).toBe(false);
    git('status');
    expect(existsSync(witness)).toBe(true);
  });

  test('a checkout inside of a plain folder is listed by its own rules', async () => {
    const git = (...args: string[]): void =>
      void execFileSync('git', ['-C', join(bench.docs, 'deep/project'), ...args], {
        stdio: 'ignore',
      });
    bench.write('deep/project/.gitignore', 'built/\n');
    bench.write('deep/project/built/out.md', 'generated lynx\n');
    bench.write('deep/project/lynx.md', 'a real lynx\n');
    git('init');
    await bench.service.add({ collection: 'G', paths: [bench.docs] });
    expect(await bench.found('lynx')).toEqual(['deep/project/lynx.md']);
  });

  test('a folder that git knows and that became a link does not lead out', async () => {
    const git = (...args: string[]): void =>
      void execFileSync('git', ['-C', bench.docs, ...args], { stdio: 'ignore' });
    git('init');
    const inside = bench.write('folder/lynx.md', 'a real lynx\n');
    git('add', '.');
    mkdirSync(join(bench.root, 'outside'));
    renameSync(inside, join(bench.root, 'outside', 'lynx.md'));
    rmSync(join(bench.docs, 'folder'), { recursive: true });
    symlinkSync(join(bench.root, 'outside'), join(bench.docs, 'folder'));
    bench.write('near.md', 'another lynx\n');
    await bench.service.add({ collection: 'G', paths: [bench.docs] });
    expect(await bench.found('lynx')).toEqual(['near.md']);
  });

  test('what can not be reached is told, never left out in silence', async () => {
    mkdirSync(join(bench.docs, 'd/'.repeat(70)), { recursive: true });
    const tooDeep = await bench.service.add({ collection: 'Deep', paths: [bench.docs] });
    expect(tooDeep.files).toMatchObject({
      total: 1,
      failed: [{ code: 'knowledge/unreadable', path: `${'d/'.repeat(64)}d` }],
    });
    rmSync(join(bench.docs, 'd'), { recursive: true });
    // Other systems have no names that are not UTF-8.
    if (process.platform !== 'linux') return;
    for (const isCheckout of [false, true]) {
      if (isCheckout) execFileSync('git', ['-C', bench.docs, 'init'], { stdio: 'ignore' });
      writeFileSync(Buffer.from(join(bench.docs, 'lynx\u{e9}.md'), 'latin1'), 'a lynx\n');
      const { files } = await bench.service.add({ collection: 'Name', paths: [bench.docs] });
      expect(files).toMatchObject({
        total: 1,
        failed: [{ code: 'knowledge/unreadable', path: 'lynx\u{fffd}.md' }],
      });
    }
  });

  test('the data directory is left out also where a link leads to it', async () => {
    bench.dataPath = join(bench.root, 'link');
    symlinkSync(bench.data, bench.dataPath);
    await bench.restart();
    bench.write('near.md', 'a lynx\n');
    writeFileSync(join(bench.data, 'notes.md'), 'an own lynx\n');
    await bench.service.add({ collection: 'All', paths: [bench.root] });
    expect(await bench.found('lynx')).toEqual(['docs/near.md']);
  });

  test('the same relative path in two folders is shown twice, apart', async () => {
    const one = bench.write('one/readme.md', 'the first gecko\n');
    bench.write('two/readme.md', 'the second gecko\n');
    const folder = (name: string): string => join(bench.docs, name);
    await bench.service.add({ collection: 'A', paths: [folder('one')] });
    await bench.service.add({ collection: 'A', paths: [folder('two'), one] });
    expect((await bench.found('gecko')).toSorted()).toEqual(['readme.md', 'two/readme.md']);
    await bench.service.reindex({ collection: 'A', rebuild: true });
    expect((await bench.found('gecko')).toSorted()).toEqual(['readme.md', 'two/readme.md']);
  });

  test('two runs of one collection follow each other, and search works meanwhile', async () => {
    for (let n = 0; n < 300; n += 1) bench.write(`f${n}.md`, `# Page ${n}\n\nA common sparrow.\n`);
    const states = new Set<string | undefined>();
    let foundEarly = 0;
    const emit = async (event: IndexEvent): Promise<void> => {
      states.add(bench.service.collections()[0]?.state);
      if (event.type === 'file' && foundEarly === 0) {
        foundEarly = (await bench.found('sparrow')).length;
      }
    };
    const [first, second] = await Promise.all([
      bench.service.add({ collection: 'A', paths: [bench.docs] }, { emit }),
      bench.service.add({ collection: 'A', paths: [bench.docs] }, { emit }),
    ]);
    expect(first.files.indexed + second.files.indexed).toBe(300);
    expect(first.files.unchanged + second.files.unchanged).toBe(300);
    expect(foundEarly).toBe(20);
    expect([...states]).toEqual(['indexing']);
    expect(bench.service.collections()[0]?.state).toBe('ready');
  });

  test('a stopped run keeps what it did and is taken up again', async () => {
    for (let n = 0; n < 450; n += 1) bench.write(`f${n}.md`, `# Page ${n}\n\nA common sparrow.\n`);
    const controller = new AbortController();
    let seen = 0;
    const stopped = bench.service.add(
      { collection: 'A', paths: [bench.docs] },
      {
        signal: controller.signal,
        emit: async (event) => {
          if (event.type === 'file' && (seen += 1) === 60) controller.abort();
        },
      },
    );
    expect(await codeOf(stopped)).toBe('knowledge/cancelled');
    expect(bench.service.collections()).toMatchObject([{ state: 'failed' }]);
    const rest = await bench.service.reindex({ collection: 'A', rebuild: false });
    expect(rest.files.total).toBe(450);
    expect(rest.files.unchanged).toBeGreaterThanOrEqual(50);
    expect(bench.service.collections()).toMatchObject([{ state: 'ready', files: 450 }]);
  });
});

describe('uploads', () => {
  const upload = (data: Buffer, path = 'C:\\my files\\..\\otter.md', from = 0, last = true) =>
    bench.service.upload({
      collection: 'Up',
      uploadId: 'u1',
      path,
      offset: from,
      last,
      data: data.toString('base64'),
    });

  test('pieces come together, are kept encrypted and searched', async () => {
    const text = Buffer.from('# Otter\n\nA raft of otters.\n');
    expect(await upload(text.subarray(0, 10), 'otter.md', 0, false)).toEqual({
      received: 10,
      file: null,
    });
    expect(await codeOf(upload(text, 'otter.md', 5, true))).toBe('knowledge/upload-order');
    const done = await upload(text.subarray(10), 'otter.md', 10, true);
    expect(done).toMatchObject({
      received: text.length,
      file: { path: 'otter.md', state: 'indexed', chunks: 1, error: null },
    });
    expect([...bench.attachments.kept.values()]).toEqual([text]);
    const { results } = await bench.service.search({ query: 'raft', collections: ['up'], k: 5 });
    expect(results).toMatchObject([{ path: 'otter.md', title: 'Otter', startLine: 1, endLine: 3 }]);
    const passage = await bench.service.passage({
      collection: 'Up',
      path: 'otter.md',
      startLine: 3,
      endLine: 3,
      context: 1,
    });
    expect(passage).toMatchObject({ firstLine: 2, lines: ['', 'A raft of otters.'], stale: false });
    await bench.service.reindex({ collection: 'Up', rebuild: true });
    expect(await bench.found('raft')).toEqual(['otter.md']);
  });

  test('the same bytes again are a no-op, other bytes replace them', async () => {
    await upload(Buffer.from('A raft of otters.'));
    const [first] = bench.attachments.kept.keys();
    expect((await upload(Buffer.from('A raft of otters.'))).file?.path).toBe('my files/otter.md');
    expect([...bench.attachments.kept.keys()]).toEqual([first]);
    await upload(Buffer.from('A lone heron.'));
    expect(bench.attachments.kept.size).toBe(1);
    expect(bench.attachments.kept.has(first ?? '')).toBe(false);
    expect(await bench.found('raft')).toEqual([]);
    expect(await bench.found('heron')).toEqual(['my files/otter.md']);
  });

  test('one that was stored and not indexed is indexed at the next start', async () => {
    await upload(Buffer.from('A raft of otters.'), 'first.md');
    bench.onThread = (thread) => {
      let ready = false;
      let doomed = false;
      const kill = (): void => {
        if (ready && doomed) thread.kill();
      };
      thread.onMessage((message) => {
        ready ||= message.t === 'ready';
        kill();
      });
      const post = thread.post.bind(thread);
      thread.post = (message) => {
        doomed ||= message.t === 'run' && message.job === 'document';
        if (doomed) kill();
        else post(message);
      };
    };
    bench.threads.at(-1)?.kill();
    const lost = upload(Buffer.from('A raft of ducks.'), 'second.md');
    expect(await codeOf(lost)).toBe('worker/job-set-aside');
    expect(bench.service.collections()).toMatchObject([{ files: 1, state: 'failed' }]);

    // The one that ends the indexer each time is told, and does not keep the others from being whole.
    const again = await bench.service.reindex({ collection: 'Up', rebuild: false });
    expect(again.files.failed).toMatchObject([
      { path: 'second.md', code: 'knowledge/ended-worker' },
    ]);
    bench.onThread = () => undefined;
    await bench.restart();
    await bench.service.reindex({ collection: 'Up', rebuild: true });
    expect((await bench.found('raft')).toSorted()).toEqual(['first.md', 'second.md']);
  });

  test('too much is refused and forgotten', async () => {
    const piece = Buffer.alloc(192 * 1024, 'x');
    const send = async (): Promise<void> => {
      for (let at = 0; ; at += piece.length) await upload(piece, 'big.txt', at, false);
    };
    expect(await codeOf(send())).toBe('knowledge/too-large');
    expect(await codeOf(upload(piece, 'big.txt', piece.length))).toBe('knowledge/upload-order');
    expect(bench.attachments.kept.size).toBe(0);
  });

  test('what a crash left between bytes and row is removed at the start', async () => {
    bench.db.prepare('INSERT INTO knowledge_orphans (attachment) VALUES (?)').run('stray');
    await bench.attachments.put('stray', Buffer.from('left over'));
    await bench.restart();
    expect(bench.attachments.kept.size).toBe(0);
  });

  test('removing the collection erases the bytes', async () => {
    await upload(Buffer.from('A raft of otters.'));
    expect(await bench.service.remove('up')).toEqual({ files: 1 });
    expect(bench.attachments.kept.size).toBe(0);
    expect(bench.service.collections()).toEqual([]);
  });
});

describe('library collections', () => {
  test('they follow the library, read only, beside a local one of the same name', async () => {
    bench.write('guide/start.md', '# Start\n\nA team of meerkats.\n');
    bench.write('own.md', 'My own meerkat.\n');
    await bench.service.add({ collection: 'Guide', paths: [join(bench.docs, 'own.md')] });
    bench.library.push({ name: 'guide', dir: join(bench.docs, 'guide') });
    await bench.service.syncLibrary();
    expect(bench.service.collections()).toMatchObject([
      { name: 'guide (library)', origin: 'library', files: 1, state: 'ready' },
      { name: 'Guide', origin: 'local', files: 1, state: 'ready' },
    ]);
    const name = 'guide (library)';
    expect(await codeOf(bench.service.remove(name))).toBe('knowledge/read-only');
    expect(await codeOf(bench.service.add({ collection: name, paths: [bench.docs] }))).toBe(
      'knowledge/read-only',
    );
    expect(
      await codeOf(
        bench.service.upload({
          collection: name,
          uploadId: 'u',
          path: 'a.md',
          offset: 0,
          data: '',
          last: true,
        }),
      ),
    ).toBe('knowledge/read-only');
    bench.write('guide/more.md', 'A second meerkat.\n');
    await bench.service.syncLibrary();
    expect((await bench.found('meerkat', [name])).toSorted()).toEqual(['more.md', 'start.md']);
    bench.library.length = 0;
    await bench.service.syncLibrary();
    expect(bench.service.collections()).toMatchObject([{ name: 'Guide' }]);
    expect(await bench.found('meerkat')).toEqual(['own.md']);
  });

  test('names that are taken twice over touch nothing of the person', async () => {
    const own = bench.write('own.md', 'My own meerkat.\n');
    await bench.service.add({ collection: 'guide', paths: [own] });
    await bench.service.add({ collection: 'Guide (library)', paths: [own] });
    bench.write('a/guide/start.md', 'A team of meerkats.\n');
    bench.write('b/guide/start.md', 'Another team of meerkats.\n');
    bench.library.push({ name: 'Guide', dir: join(bench.docs, 'a/guide') });
    bench.library.push({ name: 'guide', dir: join(bench.docs, 'b/guide') });
    await bench.service.syncLibrary();
    await bench.service.syncLibrary();
    expect(
      bench.service.collections().map(({ name, origin, sources }) => [name, origin, sources]),
    ).toEqual([
      ['Guide (library 2)', 'library', [join(bench.docs, 'a/guide')]],
      ['guide (library 3)', 'library', [join(bench.docs, 'b/guide')]],
      ['guide', 'local', [own]],
      ['Guide (library)', 'local', [own]],
    ]);
  });
});
