import type { Item, ItemDetail, ItemKind } from '../../../../src-contract/library.ts';
import { unknownItem } from '../errors.ts';
import type { GitJobs } from '../git-jobs.ts';
import type { JobInput, LibraryCore } from './core.ts';

/** The jobs that write single files, as an editor would. */
type Edit = 'create' | 'save' | 'rename' | 'remove' | 'restore' | 'import';
/** The jobs that read and need a library. */
type Read = 'log' | 'show' | 'at' | 'diff' | 'trash' | 'export';

/** Items by path; none without a library. */
export async function items(
  { deps, work }: LibraryCore,
  kind: ItemKind | null,
  signal: AbortSignal | undefined,
): Promise<readonly Item[]> {
  await work.start();
  if (!work.overview) return [];
  return deps.reads.run('items', { dirs: deps.dirs, kind }, { ...(signal && { signal }) });
}

/** One item by its path, parsed. Errors: `library/unknown-item`. */
export async function item(
  { deps, work }: LibraryCore,
  path: string,
  signal: AbortSignal | undefined,
): Promise<ItemDetail> {
  await work.start();
  if (!work.overview) throw unknownItem(path);
  const { reads, dirs } = deps;
  const found = await reads.run('item', { dirs, path }, { ...(signal && { signal }) });
  if (!found) throw unknownItem(path);
  return found;
}

/** Reads beside whatever runs. Errors: `library/none`, those of the job. */
export async function read<K extends Read>(
  { deps, work }: LibraryCore,
  job: K,
  input: JobInput<K>,
  signal: AbortSignal | undefined,
): Promise<GitJobs[K]['output']> {
  await work.needed();
  const whole = { ...input, dirs: deps.dirs } as unknown as GitJobs[K]['input'];
  return deps.reads.run(job, whole, { ...(signal && { signal }) });
}

/**
 * Writes beside whatever runs: a sync looks at each file right before it replaces it. Once begun it
 * is not cancelled, so that whoever asked knows what is there. Errors: `library/none`, those of the job.
 */
export async function edit<K extends Edit>(
  { deps, work }: LibraryCore,
  job: K,
  input: JobInput<K>,
): Promise<GitJobs[K]['output']> {
  await work.needed();
  const whole = { ...input, dirs: deps.dirs } as unknown as GitJobs[K]['input'];
  const output = await deps.reads.run(job, whole);
  deps.bus.changed('library');
  return output;
}
