import type { ErrorShape } from '../../../src-contract/app-error.ts';
import type { Collection, KnowledgeFile } from '../../../src-contract/knowledge.ts';
import type { CollectionLocks } from './collection-locks.ts';
import type { IndexHandle } from './index/index-handle.ts';
import type { CollectionCounts, FileRow } from './index/reader.ts';
import type { KnowledgeStore } from './knowledge-store.ts';

interface Parts {
  readonly store: KnowledgeStore;
  readonly index: IndexHandle;
  readonly locks: CollectionLocks;
}

/** All collections, library first, with what the index has of them. A broken index shows as `failed`, never as empty and ready. */
export function viewCollections({ store, index, locks }: Parts): Collection[] {
  const stored = store.collections();
  let counts = new Map<string, CollectionCounts>();
  let states = new Map<string, 'partial' | 'complete'>();
  if (index.isUsable()) {
    counts = new Map(index.read((r) => r.counts()).map((row) => [row.collection, row]));
    states = index.read((r) => r.states());
  }
  return stored.map((collection) => {
    const row = counts.get(collection.id);
    const isReady = states.get(collection.id) === 'complete';
    return {
      name: collection.name,
      origin: collection.origin,
      files: row?.files ?? 0,
      chunks: row?.chunks ?? 0,
      bytes: row?.bytes ?? 0,
      failed: row?.failed ?? 0,
      state: locks.isBusy(collection.id) ? 'indexing' : isReady ? 'ready' : 'failed',
      sources: store.sources(collection.id),
    };
  });
}

export function viewFile(row: FileRow): KnowledgeFile {
  const error = row.error === null ? null : (JSON.parse(row.error) as ErrorShape);
  return { path: row.path, bytes: row.bytes, chunks: row.chunks, state: row.state, error };
}
