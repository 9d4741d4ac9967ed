/**
 * The library's sync against native git, same run, same repository, same loopback server (git's own
 * `git http-backend` in another process), alternating. Ours runs in the real worker of the real worker
 * host, as `npm run build` made it where that is newer than the sources. Native git syncs its objects to
 * the disk and none of its files, as it does by itself; ours syncs all.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitJobs, LibraryDirs } from '../src-main/core/library/git-jobs.ts';
import type { RemoteAccess } from '../src-main/core/library/remote-access.ts';
import { isBuilt } from '../scripts/is-built.ts';
import { change, git, makeRemote } from './library-fixture.ts';
import type { Measured } from './library-engine.ts';
import type { Bench, BenchResult, BenchRow } from './types.ts';

const CLONES = 3;
const ROUNDS = 5;
const UPDATED = 50;
const PUBLISHED = 20;
const MB = 1024 * 1024;

/** As it is shipped where it is built; from source it takes some 30 MB more. */
const WORKER = isBuilt('node')
  ? join(import.meta.dirname, '..', 'out', 'node', 'workers', 'git.cjs')
  : join(import.meta.dirname, '..', 'src-main', 'workers', 'git.ts');

/** What the library must keep, by number of files. Null: only shown. */
interface Budgets {
  readonly clone: number | null;
  readonly noOp: number | null;
  readonly noOpMs: number | null;
  readonly update: number | null;
  readonly scan: number | null;
  readonly peakMb: number | null;
  readonly delayMs: number | null;
}
const SMALL: Budgets = {
  clone: 3,
  noOp: null,
  noOpMs: null,
  update: null,
  scan: null,
  peakMb: null,
  delayMs: null,
};
const LARGE: Budgets = {
  clone: null,
  noOp: 3,
  noOpMs: 1_000,
  update: 4,
  scan: 3,
  peakMb: 300,
  delayMs: 50,
};

export const bench: Bench = {
  name: 'library',
  async run(): Promise<BenchResult> {
    const rows: BenchRow[] = [];
    for (const [files, budgets] of [
      [1_000, SMALL],
      [10_000, LARGE],
    ] as const) {
      const run = await Run.start(files);
      try {
        rows.push(...(await run.measure(budgets)));
      } finally {
        run.end();
      }
    }
    return { name: 'library', rows };
  },
};

interface Pair {
  readonly ours: number[];
  readonly native: number[];
}

class Run {
  readonly #files: number;
  readonly #root: string;
  readonly #url: string;
  readonly #server: ChildProcess;
  readonly #engine: Engine;
  /** Another member of the team. */
  readonly #team: string;
  #version = 1_000;

  private constructor(files: number, root: string, server: ChildProcess, url: string) {
    this.#files = files;
    this.#root = root;
    this.#server = server;
    this.#url = url;
    this.#engine = new Engine();
    this.#team = join(root, 'team-work');
  }

  static async start(files: number): Promise<Run> {
    const root = mkdtempSync(join(tmpdir(), 'carrel-bench-'));
    const bare = makeRemote(root, files);
    git(root, ['clone', '-q', bare, join(root, 'team-work')]);
    const server = fork(join(import.meta.dirname, 'library-server.ts'), [root]);
    const [url] = (await once(server, 'message')) as [string];
    return new Run(files, root, server, url);
  }

  end(): void {
    this.#engine.end();
    this.#server.disconnect();
    rmSync(this.#root, { recursive: true, force: true });
  }

  async measure(budgets: Budgets): Promise<readonly BenchRow[]> {
    // Loads the worker: its start is no part of a sync.
    await this.#engine.run('open', { dirs: this.#dirs('none') });
    const clone = pair();
    const delays: number[] = [];
    for (let n = 0; n < CLONES; n += 1) {
      await this.#both(clone, n, {
        native: async () => this.#native(this.#root, 'clone', '-q', this.#url, `native-${n}`),
        ours: async () => {
          const measured = await this.#clone(`ours-${n}`, false);
          delays.push(measured.delayMs);
          return measured.ms;
        },
      });
    }
    const dirs = this.#dirs('ours-0');
    const native = join(this.#root, 'native-0');
    const sync = async (): Promise<number> => (await this.#update(dirs, false)).ms;

    const noOp = pair();
    for (let n = 0; n < ROUNDS; n += 1) {
      await this.#both(noOp, n, {
        native: async () => this.#native(native, 'fetch', '-q'),
        ours: sync,
      });
    }
    const scan = pair();
    for (let n = 0; n < ROUNDS; n += 1) {
      await this.#both(scan, n, {
        native: async () => this.#native(native, 'status', '--porcelain'),
        ours: async () => (await this.#engine.run('preview', { dirs })).ms,
      });
    }
    const update = pair();
    for (let n = 0; n < ROUNDS; n += 1) {
      this.#byTeam((n * 97) % (this.#files - UPDATED));
      await this.#both(update, n, {
        native: async () => this.#native(native, 'pull', '-q', '--ff-only'),
        ours: sync,
      });
    }
    const publish = pair();
    for (let n = 0; n < ROUNDS; n += 1) {
      await this.#both(publish, n, {
        native: async () => {
          git(native, ['pull', '-q', '--ff-only']);
          change(native, n * PUBLISHED, PUBLISHED, this.#next());
          return (
            this.#native(native, 'add', '-A') +
            this.#native(native, 'commit', '-q', '-m', 'Published') +
            this.#native(native, 'push', '-q')
          );
        },
        ours: async () => {
          await sync();
          change(dirs.files, 500 + n * PUBLISHED, PUBLISHED, this.#next());
          return (await this.#engine.run('publish', this.#commitInput(dirs))).ms;
        },
      });
    }
    const peak = (await this.#update(dirs, false)).peakBytes;
    const accelerated = await this.#accelerated();
    const what = `${this.#files / 1_000}k files:`;
    return [
      row(`${what} clone`, clone, budgets.clone),
      row(`${what} no-op sync`, noOp, budgets.noOp, budgets.noOpMs),
      row(`${what} update of ${UPDATED} files`, update, budgets.update),
      row(`${what} scan`, scan, budgets.scan),
      row(`${what} publish of ${PUBLISHED} files`, publish, null),
      plain(`${what} peak memory, engine and worker`, peak / MB, 'MB', budgets.peakMb),
      plain(
        `${what} delay of the engine's loop during a clone, p99`,
        Math.max(...delays),
        'ms',
        budgets.delayMs,
      ),
      row(`${what} clone, accelerator on`, { ...clone, ours: accelerated.clone }, null),
      row(`${what} update, accelerator on`, { ...update, ours: accelerated.update }, null),
    ];
  }

  async #accelerated(): Promise<{ clone: number[]; update: number[] }> {
    const clone: number[] = [];
    const update: number[] = [];
    for (let n = 0; n < CLONES; n += 1) clone.push((await this.#clone(`fast-${n}`, true)).ms);
    for (let n = 0; n < ROUNDS; n += 1) {
      this.#byTeam((n * 101) % (this.#files - UPDATED));
      update.push((await this.#update(this.#dirs('fast-0'), true)).ms);
    }
    return { clone, update };
  }

  /** Runs both in changing order, so that caches of the disk favour nobody. */
  async #both(
    into: Pair,
    round: number,
    work: Readonly<Record<keyof Pair, () => Promise<number>>>,
  ): Promise<void> {
    for (const side of round % 2 === 0
      ? (['native', 'ours'] as const)
      : (['ours', 'native'] as const)) {
      into[side].push(await work[side]());
    }
  }

  #native(dir: string, ...args: string[]): number {
    const began = performance.now();
    git(dir, args);
    return performance.now() - began;
  }

  async #clone(name: string, accelerator: boolean): Promise<Measured> {
    const dirs = this.#dirs(name);
    const input = { dirs, access: access(accelerator), now: Date.now(), url: this.#url };
    return this.#engine.run('clone', input);
  }

  async #update(dirs: LibraryDirs, accelerator: boolean): Promise<Measured> {
    const input = { dirs, access: access(accelerator), now: Date.now(), allowDeletions: null };
    return this.#engine.run('update', input);
  }

  #commitInput(dirs: LibraryDirs): GitJobs['publish']['input'] {
    return {
      dirs,
      access: access(false),
      now: Date.now(),
      author: { name: 'Ada', email: 'ada@example.invalid' },
      allowDeletions: false,
      message: 'Published',
      paths: null,
    };
  }

  #byTeam(from: number): void {
    git(this.#team, ['pull', '-q', '--ff-only']);
    change(this.#team, from, UPDATED, this.#next());
    git(this.#team, ['add', '-A']);
    git(this.#team, ['commit', '-q', '-m', 'By the team']);
    git(this.#team, ['push', '-q']);
  }

  #next(): number {
    return (this.#version += 1);
  }

  #dirs(name: string): LibraryDirs {
    const root = join(this.#root, name);
    mkdirSync(root, { recursive: true });
    return {
      library: join(root, 'library'),
      files: join(root, 'files'),
      trash: join(root, 'trash'),
      journal: join(root, 'journal'),
    };
  }
}

/** The engine's process; one thing at a time. */
class Engine {
  readonly #process = fork(join(import.meta.dirname, 'library-engine.ts'), [WORKER], {
    serialization: 'advanced',
  });

  async run<K extends keyof GitJobs>(job: K, input: GitJobs[K]['input']): Promise<Measured> {
    this.#process.send({ job, input });
    const [measured] = (await once(this.#process, 'message')) as [Measured];
    if (measured.error !== null) throw new Error(`${job}: ${measured.error}`);
    return measured;
  }

  end(): void {
    this.#process.disconnect();
  }
}

function access(accelerator: boolean): RemoteAccess {
  const ssh = {
    program: 'built-in',
    keyFile: null,
    passphrase: null,
    agent: null,
    userDir: '',
    knownHosts: '',
  } as const;
  return { credentials: null, ssh, accelerator };
}

function pair(): Pair {
  return { ours: [], native: [] };
}

function row(
  metric: string,
  { ours, native }: Pair,
  maxRatio: number | null,
  maxMs: number | null = null,
): BenchRow {
  const value = median(ours);
  const ratio = value / median(native);
  const budget = [
    ...(maxMs === null ? [] : [`<= ${maxMs} ms`]),
    ...(maxRatio === null ? [] : [`<= ${maxRatio} x native git`]),
  ].join(', ');
  return {
    metric,
    value,
    unit: 'ms',
    peer: 'native git',
    ratio,
    ...(budget === '' ? {} : { budget }),
    holds: ratio <= (maxRatio ?? Infinity) && value <= (maxMs ?? Infinity),
  };
}

function plain(metric: string, value: number, unit: string, max: number | null): BenchRow {
  if (max === null) return { metric, value, unit, holds: true };
  return { metric, value, unit, budget: `<= ${max} ${unit}`, holds: value <= max };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
