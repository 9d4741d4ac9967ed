import type { Check } from '../../../src-contract/health.ts';
import type { Collection } from '../../../src-contract/knowledge.ts';
import type { AppError } from '../../../src-contract/app-error.ts';
import type { WorkerHostState } from '../shared/worker-host.ts';

const INDEX = { id: 'knowledge.index', title: 'Knowledge index' } as const;

/** How knowledge is: the index, and the files that could not be read. */
export function knowledgeChecks(
  collections: readonly Collection[],
  broken: AppError | null,
  worker: WorkerHostState,
): Check[] {
  const failed = collections.reduce((sum, collection) => sum + collection.failed, 0);
  return [
    indexCheck(collections, broken, worker),
    {
      id: 'knowledge.files',
      title: 'Knowledge files',
      state: failed > 0 ? 'warn' : 'ok',
      value: failed,
      unit: 'files',
      message:
        failed > 0 ? `${failed} ${noun(failed)} could not be read.` : 'Every file could be read.',
      remedy: failed > 0 ? 'Open Knowledge: each file says why.' : null,
      action: failed > 0 ? 'open-knowledge' : null,
    },
  ];
}

function indexCheck(
  collections: readonly Collection[],
  broken: AppError | null,
  worker: WorkerHostState,
): Check {
  const files = collections.reduce((sum, collection) => sum + collection.files, 0);
  const base = { ...INDEX, value: files, unit: 'files' };
  if (broken) {
    return {
      ...INDEX,
      state: 'fail',
      value: null,
      unit: null,
      message: broken.message,
      remedy: broken.remedy,
      action: 'reindex',
    };
  }
  if (worker.kind === 'braked') {
    return {
      ...base,
      state: 'fail',
      message: 'The indexer keeps ending at its start.',
      remedy: 'Wait half a minute and index again; the logs say why it ended.',
      action: 'reindex',
    };
  }
  const unfinished = collections.filter((collection) => collection.state === 'failed');
  if (unfinished.length > 0) {
    const names = unfinished.map((collection) => `"${collection.name}"`).join(', ');
    return {
      ...base,
      state: 'warn',
      message: `Not everything is indexed: ${names}.`,
      remedy: 'Index again; what is done already is not repeated.',
      action: 'reindex',
    };
  }
  return {
    ...base,
    state: 'ok',
    message: `${files} ${noun(files)} in ${collections.length} collections can be searched.`,
    remedy: null,
    action: null,
  };
}

function noun(count: number): string {
  return count === 1 ? 'file' : 'files';
}
