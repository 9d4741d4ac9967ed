import { create } from 'zustand';
import type { ErrorShape } from '../../src-contract/app-error.ts';
import type { AddSummary, IndexEvent } from '../../src-contract/knowledge.ts';
import { asAppError, stream, type Streaming } from '../bridge.ts';
import { count, counted } from '../ui/format.ts';
import type { Given, UploadFile } from './read-drop.ts';
import { uploadFile } from './upload.ts';

/** Files shown while it runs, and problems kept: enough to read, few enough to draw each 16 ms. */
const RECENT = 5;
const TROUBLED = 50;

export interface AddedFile {
  readonly path: string;
  readonly state: 'indexed' | 'unchanged' | 'skipped' | 'failed';
  readonly error: ErrorShape | null;
}

/** Adding files to a collection, or indexing it again; kept until it is dismissed. */
export interface Job {
  readonly id: number;
  readonly collection: string;
  /** What is done, in a few words: "Adding to notes". */
  readonly what: string;
  readonly phase: 'running' | 'done' | 'cancelled' | 'failed';
  readonly done: number;
  /** Null until all files are known. */
  readonly total: number | null;
  readonly path: string;
  /** The newest files first, a bounded few. */
  readonly recent: readonly AddedFile[];
  /** What was left out or failed, a bounded number; `problems` counts all. */
  readonly troubled: readonly AddedFile[];
  readonly problems: number;
  readonly indexed: number;
  /** What came of it, once it has ended. */
  readonly says: string;
  readonly error: ErrorShape | null;
  readonly cancel: () => void;
}

export const useJobs = create<{ readonly jobs: readonly Job[] }>(() => ({ jobs: [] }));

let nextId = 1;

/** Adds what was given to `collection` (made where it does not exist). Returns the job's id; failures are in its state. */
export function addTo(collection: string, given: Given): number {
  const what = `Adding to ${collection}`;
  return given.kind === 'files'
    ? sendFiles(collection, what, given.files)
    : follow(collection, what, (onEvent) =>
        stream('knowledge.add', { collection, paths: [...given.paths] }, onEvent),
      );
}

/** Looks at the sources again; `rebuild` forgets the index first. */
export function reindex(collection: string, rebuild = false): void {
  follow(collection, `Indexing ${collection}`, (onEvent) =>
    stream('knowledge.reindex', { collection, rebuild }, onEvent),
  );
}

export function dismissJob(id: number): void {
  useJobs.setState(({ jobs }) => ({ jobs: jobs.filter((job) => job.id !== id) }));
}

function begin(collection: string, what: string, total: number | null, cancel: () => void): number {
  const id = nextId++;
  const job: Job = {
    id, collection, what, cancel, total,
    phase: 'running', done: 0, path: '', recent: [], troubled: [], problems: 0, indexed: 0, says: '', error: null,
  }; // prettier-ignore
  // What ended before in the same collection has been read by now.
  useJobs.setState(({ jobs }) => ({
    jobs: [
      ...jobs.filter((each) => each.collection !== collection || each.phase === 'running'),
      job,
    ],
  }));
  return id;
}

function patch(id: number, change: Partial<Job> | ((job: Job) => Partial<Job>)): void {
  useJobs.setState(({ jobs }) => ({
    jobs: jobs.map((job) =>
      job.id === id ? { ...job, ...(typeof change === 'function' ? change(job) : change) } : job,
    ),
  }));
}

function addFile(id: number, { path, state, error }: AddedFile): void {
  const file: AddedFile = { path, state, error };
  const bad = state === 'failed' || state === 'skipped';
  patch(id, ({ recent, troubled, problems, indexed }) => ({
    recent: [file, ...recent].slice(0, RECENT),
    indexed: indexed + (bad ? 0 : 1),
    problems: problems + (bad ? 1 : 0),
    troubled: bad && troubled.length < TROUBLED ? [...troubled, file] : troubled,
  }));
}

/** Follows a stream of the engine, which reads the files by itself. */
function follow(
  collection: string,
  what: string,
  open: (onEvent: (event: IndexEvent) => void) => Streaming,
): number {
  let cancelled = false;
  const id = begin(collection, what, null, () => {
    cancelled = true;
    streaming.cancel();
  });
  const streaming = open((event) => {
    switch (event.type) {
      case 'progress':
        patch(id, { done: event.done, total: event.total, path: event.path });
        return;
      case 'file':
        addFile(id, event);
        return;
      case 'done':
        patch(id, {
          done: event.summary.files.total,
          total: event.summary.files.total,
          says: summaryOf(event.summary),
        });
    }
  });
  streaming.done.then(
    () => patch(id, cancelled ? CANCELLED : { phase: 'done' }),
    // A cancelled stream ends with an error of that name; that is what was asked for.
    (error: unknown) =>
      patch(id, cancelled ? CANCELLED : { phase: 'failed', error: asAppError(error).toShape() }),
  );
  return id;
}

const CANCELLED: Partial<Job> = {
  phase: 'cancelled',
  says: 'Cancelled. What was indexed until then is kept.',
};

/** Sends files one after the other, for a browser that has no paths. Cancelling stops after the present piece. */
function sendFiles(collection: string, what: string, files: readonly UploadFile[]): number {
  let cancelled = false;
  const id = begin(collection, what, files.length, () => {
    cancelled = true;
  });
  const send = async (): Promise<void> => {
    for (const [at, each] of files.entries()) {
      patch(id, { done: at, path: each.path });
      const file = await sendOne(collection, each, () => cancelled);
      if (file === null) break;
      addFile(id, file);
    }
    patch(id, ({ indexed }) => {
      const says = `${count(indexed)} of ${counted(files.length, 'file')} added`;
      return cancelled
        ? { phase: 'cancelled', says: `Cancelled. ${says}.` }
        : { phase: 'done', done: files.length, says };
    });
  };
  send().catch((error: unknown) =>
    patch(id, { phase: 'failed', error: asAppError(error).toShape() }),
  );
  return id;
}

/** One file's failure is its own: the others go on. What would refuse them all alike is thrown. */
async function sendOne(
  collection: string,
  each: UploadFile,
  isCancelled: () => boolean,
): Promise<AddedFile | null> {
  try {
    const file = await uploadFile(collection, each, isCancelled);
    return file && { path: each.path, state: file.state, error: file.error };
  } catch (error) {
    const failure = asAppError(error);
    const { code } = failure;
    if (/^(?:engine|vault)\//u.test(code) || code === 'knowledge/read-only') throw failure;
    return { path: each.path, state: 'failed', error: failure.toShape() };
  }
}

function summaryOf({ files, chunks }: AddSummary): string {
  const parts = [`${counted(files.indexed, 'file')} indexed`, counted(chunks, 'passage')];
  if (files.unchanged > 0) parts.push(`${count(files.unchanged)} unchanged`);
  if (files.skipped > 0) parts.push(`${count(files.skipped)} left out`);
  if (files.failed.length > 0) parts.push(`${count(files.failed.length)} failed`);
  return parts.join(', ');
}
