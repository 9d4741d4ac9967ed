import { create } from 'zustand';
import type { AppError, ErrorShape } from '../../src-contract/app-error.ts';
import type { IndexEvent } from '../../src-contract/knowledge.ts';
import { asAppError, stream } from '../bridge.ts';
import type { Given, UploadFile } from './read-drop.ts';
import { uploadFile } from './upload.ts';

export interface AddedFile {
  readonly path: string;
  readonly state: 'indexed' | 'unchanged' | 'skipped' | 'failed';
  readonly error: ErrorShape | null;
}

/** One addition to a collection, from its start until it is dismissed. */
export interface Adding {
  readonly collection: string;
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
  readonly error: AppError | null;
}

interface AddingState {
  readonly adding: Adding | null;
}

/** Files shown while it runs, and problems kept: enough to read, few enough to draw each 16 ms. */
const RECENT = 5;
const TROUBLED = 50;

export const useAdding = create<AddingState>(() => ({ adding: null }));

let cancelRunning: () => void = () => undefined;

/** Adds what was given to `collection` (made where it does not exist). Settles when it ended; failures are in the state. */
export async function addKnowledge(collection: string, given: Given): Promise<void> {
  const total = given.kind === 'files' ? given.files.length : null;
  useAdding.setState({
    adding: {
      collection,
      phase: 'running',
      done: 0,
      total,
      path: '',
      recent: [],
      troubled: [],
      problems: 0,
      indexed: 0,
      error: null,
    },
  });
  try {
    if (given.kind === 'paths') await addPaths(collection, given.paths);
    else await addUploads(collection, given.files);
    update((adding) => ({ phase: adding.phase === 'running' ? 'done' : adding.phase }));
  } catch (error) {
    // A cancelled stream ends with an error of that name; that is what was asked for.
    update((adding) =>
      adding.phase === 'cancelled' ? {} : { phase: 'failed', error: asAppError(error) },
    );
  }
}

export function cancelAdding(): void {
  update(() => ({ phase: 'cancelled' }));
  cancelRunning();
}

export function dismissAdding(): void {
  useAdding.setState({ adding: null });
}

async function addPaths(collection: string, paths: readonly string[]): Promise<void> {
  const running = stream('knowledge.add', { collection, paths: [...paths] }, take);
  cancelRunning = running.cancel;
  await running.done;
}

async function addUploads(collection: string, files: readonly UploadFile[]): Promise<void> {
  let cancelled = false;
  cancelRunning = () => {
    cancelled = true;
  };
  for (const [index, each] of files.entries()) {
    update(() => ({ path: each.path, done: index }));
    const file = await uploadOne(collection, each, () => cancelled);
    if (file === null) return;
    addFile(file);
  }
  update(() => ({ done: files.length }));
}

/** One file's failure is its own: the others go on. A lost engine ends them all. */
async function uploadOne(
  collection: string,
  each: UploadFile,
  isCancelled: () => boolean,
): Promise<AddedFile | null> {
  try {
    const file = await uploadFile(collection, each, isCancelled);
    return file && { path: each.path, state: file.state, error: file.error };
  } catch (error) {
    const failure = asAppError(error);
    if (failure.code.startsWith('engine/')) throw failure;
    return { path: each.path, state: 'failed', error: failure.toShape() };
  }
}

function take(event: IndexEvent): void {
  switch (event.type) {
    case 'progress':
      update(() => ({ done: event.done, total: event.total, path: event.path }));
      return;
    case 'file':
      addFile(event);
      return;
    case 'done':
      update(() => ({ done: event.summary.files.total, total: event.summary.files.total }));
      return;
  }
}

function addFile(file: AddedFile): void {
  const { path, state, error } = file;
  const added: AddedFile = { path, state, error };
  const bad = state === 'failed' || state === 'skipped';
  update((adding) => ({
    recent: [added, ...adding.recent].slice(0, RECENT),
    indexed: adding.indexed + (bad ? 0 : 1),
    problems: adding.problems + (bad ? 1 : 0),
    troubled:
      bad && adding.troubled.length < TROUBLED ? [...adding.troubled, added] : adding.troubled,
  }));
}

function update(change: (adding: Adding) => Partial<Adding>): void {
  useAdding.setState(({ adding }) => (adding ? { adding: { ...adding, ...change(adding) } } : {}));
}
