import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { LibraryDirs } from '../../src-main/core/library/git-jobs.ts';
import { readRecord, statOrNull } from '../../src-main/core/library/files/record.ts';
import { acceptAll, type TrustPolicy } from '../../src-main/core/library/git/verify.ts';
import { check } from '../../src-main/core/library/jobs/check.ts';
import { clone } from '../../src-main/core/library/jobs/clone.ts';
import { conflict, conflicts } from '../../src-main/core/library/jobs/conflicts.ts';
import { discard } from '../../src-main/core/library/jobs/discard.ts';
import type { JobContext } from '../../src-main/core/library/jobs/job-context.ts';
import { open } from '../../src-main/core/library/jobs/open.ts';
import { preview } from '../../src-main/core/library/jobs/preview.ts';
import { publish } from '../../src-main/core/library/jobs/publish.ts';
import { resolve } from '../../src-main/core/library/jobs/resolve.ts';
import { rollback } from '../../src-main/core/library/jobs/rollback.ts';
import { setRemote } from '../../src-main/core/library/jobs/set-remote.ts';
import { starter } from '../../src-main/core/library/jobs/starter.ts';
import { update } from '../../src-main/core/library/jobs/update.ts';
import type { Author, Overview, SyncJobs } from '../../src-main/core/library/sync-jobs.ts';
import { access } from './git-client.ts';
import { libraryDirs } from './git-library.ts';
import { filesOf, plainFiles, type Ledger } from './library-rig-ledger.ts';

type Take = SyncJobs['resolve']['input']['take'];
type Output<K extends keyof SyncJobs> = Promise<SyncJobs[K]['output']>;

/** What a test does in the middle of a job. */
export interface ClientHooks {
  policy?: TrustPolicy;
  report?: JobContext['report'];
  signal?: AbortSignal;
}

export interface PublishChoice {
  readonly message?: string;
  readonly paths?: readonly string[] | null;
  readonly allowDeletions?: boolean;
}

/** One person's library: the jobs as Carrel runs them, and the folder as an editor uses it. */
export class LibraryClient {
  readonly name: string;
  readonly dirs: LibraryDirs;
  readonly ledger: Ledger;
  author: Author;
  hooks: ClientHooks = {};
  /** False: a remote by its path is served in JavaScript, as where Git is not installed. */
  hasGit = true;
  /** False where a test keeps the ledger of its jobs itself. */
  isWatched = true;
  /** Milliseconds since 1970, of the last job; the next one is a second later. */
  now = Date.UTC(2026, 2, 1);

  readonly #path = process.env['PATH'];

  constructor(name: string, root: string, ledger: Ledger) {
    this.name = name;
    this.dirs = libraryDirs(join(root, name));
    this.ledger = ledger;
    this.author = { name, email: `${name}@example.invalid` };
  }

  connect(url: string): Output<'clone'> {
    const input = { ...this.#remote(), url };
    return this.#run((context) => clone(input, context));
  }

  starter(starterDir: string): Output<'starter'> {
    return this.#run((context) => starter({ dirs: this.dirs, starterDir }, context));
  }

  open(): Promise<Overview | null> {
    return this.#run((context) => open({ dirs: this.dirs }, { ...context, heads: new Map() }));
  }

  setRemote(url: string): Output<'setRemote'> {
    return this.#run((context) => setRemote({ dirs: this.dirs, url }, context));
  }

  check(): Output<'check'> {
    const input = this.#remote();
    return this.#run((context) => check(input, context));
  }

  update(allowDeletions: string | null = null): Output<'update'> {
    const input = { ...this.#remote(), allowDeletions };
    return this.#run((context) => update(input, context));
  }

  preview(): Output<'preview'> {
    return this.#run((context) => preview({ dirs: this.dirs }, context));
  }

  publish(choice: PublishChoice = {}): Output<'publish'> {
    const { message = `By ${this.name}`, paths = null, allowDeletions = false } = choice;
    const input = { ...this.#remote(), author: this.author, message, paths, allowDeletions };
    return this.#run((context) => publish(input, context));
  }

  rollback(version: string, path: string | null = null, allowDeletions = true): Output<'rollback'> {
    const input = { ...this.#remote(), author: this.author, version, path, allowDeletions };
    return this.#run((context) => rollback(input, context));
  }

  conflicts(): Output<'conflicts'> {
    return this.#run((context) => conflicts({ dirs: this.dirs }, context));
  }

  conflict(path: string): Output<'conflict'> {
    return this.#run((context) => conflict({ dirs: this.dirs, path }, context));
  }

  resolve(path: string, take: Take): Output<'resolve'> {
    const input = { dirs: this.dirs, path, take, now: this.#tick() };
    return this.#run((context) => resolve(input, context));
  }

  discard(path: string): Output<'discard'> {
    const input = { dirs: this.dirs, path, now: this.#tick() };
    return this.#run((context) => discard(input, context));
  }

  pendingPaths(): readonly string[] {
    return [...(readRecord(this.dirs.library)?.pending.keys() ?? [])];
  }

  /** Writes as an editor would; a file or folder in the way goes first. */
  put(path: string, content: string | Buffer): void {
    const names = path.split('/');
    for (let depth = 1; depth < names.length; depth += 1) {
      const parent = names.slice(0, depth).join('/');
      const stat = statOrNull(this.at(parent));
      if (stat && !stat.isDirectory()) this.remove(parent);
    }
    const stat = statOrNull(this.at(path));
    if (stat?.isDirectory()) this.remove(path);
    else if (stat) this.#givenUpBelow(path);
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), content);
  }

  /** Deletes a file or a folder, and the folders that are empty then. */
  remove(path: string): void {
    this.#givenUpBelow(path);
    rmSync(this.at(path), { recursive: true });
    this.#tidy(path);
  }

  rename(from: string, to: string): void {
    mkdirSync(dirname(this.at(to)), { recursive: true });
    renameSync(this.at(from), this.at(to));
    this.#tidy(from);
  }

  at(path: string): string {
    return join(this.dirs.files, path);
  }

  bytes(path: string): Buffer {
    return readFileSync(this.at(path));
  }

  read(path: string): string {
    return readFileSync(this.at(path), 'utf8');
  }

  has(path: string): boolean {
    return statOrNull(this.at(path)) !== null;
  }

  list(): string[] {
    return plainFiles(this.dirs.files);
  }

  /** Git's hash of each file, by path. */
  files(): ReadonlyMap<string, string> {
    return filesOf(this.dirs.files);
  }

  async #run<T>(work: (context: JobContext) => T | Promise<T>): Promise<T> {
    if (this.isWatched) this.ledger.begin(this);
    if (!this.hasGit) process.env['PATH'] = this.dirs.journal;
    try {
      return await work({
        signal: this.hooks.signal ?? new AbortController().signal,
        report: (phase, done, total) => this.hooks.report?.(phase, done, total),
        policy: this.hooks.policy ?? acceptAll,
      });
    } finally {
      process.env['PATH'] = this.#path;
      if (this.isWatched) this.ledger.end(this);
    }
  }

  #remote() {
    return { dirs: this.dirs, access: access(), now: this.#tick() };
  }

  #tick(): number {
    return (this.now += 1000);
  }

  #givenUpBelow(path: string): void {
    const isFolder = lstatSync(this.at(path)).isDirectory();
    const paths = isFolder ? plainFiles(this.at(path)).map((each) => `${path}/${each}`) : [path];
    for (const each of paths) this.ledger.givenUp(this, this.bytes(each));
  }

  #tidy(path: string): void {
    for (let dir = dirname(path); dir !== '.'; dir = dirname(dir)) {
      if (readdirSync(this.at(dir)).length > 0) return;
      rmdirSync(this.at(dir));
    }
  }
}
