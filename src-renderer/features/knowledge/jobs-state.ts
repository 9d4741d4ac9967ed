import { create } from 'zustand';
import type { ErrorShape } from '../../../src-contract/app-error.ts';
import type { AddSummary, IndexEvent } from '../../../src-contract/knowledge.ts';
import { asAppError, stream, type Streaming } from '../../bridge.ts';
import { readCollections } from './knowledge-state.ts';

/** Failures of one job that are listed; more are counted and shown under Files. */
const MAX_LISTED = 5;

export interface Failure {
  readonly path: string;
  /** Left out on purpose (not supported, looks secret), or failed. */
  readonly state: 'skipped' | 'failed';
  readonly message: string;
}

/** Adding, uploading or indexing again: one row at the foot of Knowledge, kept until dismissed when it has something to say. */
export interface Job {
  readonly id: number;
  readonly collection: string;
  readonly what: string;
  readonly done: number;
  readonly total: number | null;
  readonly path: string;
  readonly failures: readonly Failure[];
  readonly failed: number;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly says: string;
  readonly error: ErrorShape | null;
  readonly cancel: () => void;
}

export const useJobs = create<{ readonly jobs: readonly Job[] }>(() => ({ jobs: [] }));

let nextId = 1;

export function startJob(collection: string, what: string, cancel: () => void): number {
  const id = nextId++;
  const job: Job = {
    id, collection, what, cancel,
    done: 0, total: null, path: '', failures: [], failed: 0, state: 'running', says: '', error: null,
  }; // prettier-ignore
  // What ended before in the same collection has been read by now.
  useJobs.setState(({ jobs }) => ({
    jobs: [
      ...jobs.filter((each) => each.collection !== collection || each.state === 'running'),
      job,
    ],
  }));
  return id;
}

export function patchJob(id: number, patch: Partial<Job> | ((job: Job) => Partial<Job>)): void {
  useJobs.setState(({ jobs }) => ({
    jobs: jobs.map((job) =>
      job.id === id ? { ...job, ...(typeof patch === 'function' ? patch(job) : patch) } : job,
    ),
  }));
}

export function failFile(
  id: number,
  path: string,
  message: string,
  state: Failure['state'] = 'failed',
): void {
  patchJob(id, (job) => ({
    failed: job.failed + 1,
    failures:
      job.failures.length < MAX_LISTED ? [...job.failures, { path, message, state }] : job.failures,
  }));
}

export function dismissJob(id: number): void {
  useJobs.setState(({ jobs }) => ({ jobs: jobs.filter((job) => job.id !== id) }));
}

/** Adds files and folders by their paths on the engine's machine. */
export function addPaths(collection: string, paths: readonly string[]): void {
  follow(collection, `Adding to ${collection}`, (onEvent) =>
    stream('knowledge.add', { collection, paths: [...paths] }, onEvent),
  );
}

/** Looks at the sources again; `rebuild` forgets the index first. */
export function reindex(collection: string, rebuild = false): void {
  follow(collection, `Indexing ${collection}`, (onEvent) =>
    stream('knowledge.reindex', { collection, rebuild }, onEvent),
  );
}

function follow(
  collection: string,
  what: string,
  open: (onEvent: (event: IndexEvent) => void) => Streaming,
): void {
  let cancelled = false;
  const streaming = open(onEvent);
  const id = startJob(collection, what, () => {
    cancelled = true;
    streaming.cancel();
  });

  function onEvent(event: IndexEvent): void {
    switch (event.type) {
      case 'progress':
        patchJob(id, { done: event.done, total: event.total, path: event.path });
        return;
      case 'file':
        if (event.state === 'failed' || event.state === 'skipped') {
          failFile(id, event.path, event.error?.message ?? 'Left out', event.state);
        }
        return;
      case 'done':
        patchJob(id, { state: 'done', says: summaryOf(event.summary) });
    }
  }

  void streaming.done
    .then(
      () => patchJob(id, (job) => (job.state === 'running' ? ended(cancelled) : {})),
      (error: unknown) =>
        patchJob(
          id,
          cancelled ? ended(true) : { state: 'failed', error: asAppError(error).toShape() },
        ),
    )
    .then(readCollections);
}

function ended(cancelled: boolean): Partial<Job> {
  return cancelled
    ? { state: 'cancelled', says: 'Cancelled. What was indexed until then is kept.' }
    : { state: 'done' };
}

function summaryOf({ files, chunks }: AddSummary): string {
  const n = (count: number, one: string): string =>
    `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;
  const parts = [`${n(files.indexed, 'file')} indexed`, n(chunks, 'passage')];
  if (files.unchanged > 0) parts.push(`${files.unchanged.toLocaleString('en')} unchanged`);
  if (files.skipped > 0) parts.push(`${files.skipped.toLocaleString('en')} left out`);
  if (files.failed.length > 0) parts.push(`${files.failed.length.toLocaleString('en')} failed`);
  return parts.join(', ');
}
