import type { KnowledgeFile } from '../../../src-contract/knowledge.ts';
import type { Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { WorkerHost } from '../shared/worker-host.ts';
import { viewFile } from './collections-view.ts';
import { unknownFile } from './errors.ts';
import type { IndexHandle } from './index/index-handle.ts';
import type { IndexJobs } from './index/jobs.ts';
import { hashOf } from './index/read-text.ts';
import type { Indexer } from './indexer.ts';
import type { KnowledgeStore, StoredCollection } from './knowledge-store.ts';
import type { Attachments } from './ports.ts';
import { UPLOAD_ORIGIN } from './source-text.ts';

export interface KeepUploadDeps {
  readonly store: KnowledgeStore;
  readonly index: IndexHandle;
  readonly worker: WorkerHost<IndexJobs>;
  readonly indexer: Indexer;
  readonly attachments: Attachments;
  readonly clock: Clock;
}

/**
 * Stores an upload encrypted, then indexes it. The same bytes at the same path again are a no-op;
 * other bytes replace the former ones, whose words are erased.
 */
export async function keepUpload(
  deps: KeepUploadDeps,
  collection: StoredCollection,
  wantedPath: string,
  bytes: Buffer,
): Promise<KnowledgeFile> {
  const { store, index, worker, indexer, attachments, clock } = deps;
  const fileAt = (path: string): KnowledgeFile | null => {
    const row = index.read((reader) => reader.file(collection.id, path));
    return row ? viewFile(row) : null;
  };
  const path = freePath(deps, collection.id, wantedPath);
  const hash = hashOf(bytes);
  const former = store.upload(collection.id, path);
  const known = former?.hash === hash ? fileAt(path) : null;
  if (known) return known;

  const place = { shard: index.place, collection: collection.id };
  const before = index.read((reader) => reader.states().get(collection.id));
  // An interruption after the upload was stored must not look like a whole collection without it.
  await worker.run('mark', { ...place, state: 'partial' });
  const attachment = newId(clock.now());
  store.planAttachment(attachment);
  await attachments.put(attachment, bytes);
  const upload = { attachment, path, bytes: bytes.length, hash };
  store.keepUpload(collection.id, upload, clock.now());
  await removeOrphans(store, attachments);

  if (former) {
    await worker.run('forget', { ...place, origins: [UPLOAD_ORIGIN + former.attachment] });
  }
  await indexer.upload(collection.id, upload, bytes);
  // A collection with other documents that were never indexed is not complete by this one.
  const isAll =
    store.sources(collection.id).length === 0 && store.uploads(collection.id).length === 1;
  if (before === 'complete' || (before === undefined && isAll)) {
    await worker.run('mark', { ...place, state: 'complete' });
  }
  const file = fileAt(path);
  if (!file) throw unknownFile(path);
  return file;
}

/** Removes the attachments that no upload owns. */
export async function removeOrphans(
  store: KnowledgeStore,
  attachments: Attachments,
): Promise<void> {
  for (const orphan of store.orphans()) {
    await attachments.remove(orphan);
    store.dropOrphan(orphan);
  }
}

/** A file on disk may have the path already: then the upload is shown beside it. */
function freePath(deps: KeepUploadDeps, collection: string, path: string): string {
  const row = deps.index.read((reader) => reader.file(collection, path));
  return row && !row.origin.startsWith(UPLOAD_ORIGIN) ? `uploads/${path}` : path;
}
