import type { Change, PublishSummary } from '../../../../src-contract/library.ts';
import type { GitJobs } from '../git-jobs.ts';
import { noLibrary } from '../errors.ts';
import { readRecord } from '../files/record.ts';
import { writeTree } from '../git/write-tree.ts';
import { localChanges, storeChanges } from '../local/local-changes.ts';
import { parentsOf } from '../merge/merge-trees.ts';
import { commitAndSend } from './commit.ts';
import type { JobContext } from './job-context.ts';
import { selector } from './select.ts';
import { tidy, withLibrary } from './session.ts';

/**
 * Makes one version of what changed here, all of it or the given paths (a folder means what is in
 * it), and sends it. What can't be published stays an edit. Errors: `library/none`, `library/locked`,
 * the disk; what hinders the sending is told in `waitsFor`.
 */
export async function publish(
  input: GitJobs['publish']['input'],
  context: JobContext,
): Promise<PublishSummary> {
  const { dirs, paths, message } = input;
  return withLibrary(dirs, context, async (session) => {
    const { store } = session;
    await tidy(session);
    context.report('checking', 0, null);
    const record = readRecord(dirs.library);
    if (!record) throw noLibrary();
    const isMeant = selector(paths);
    const meant = localChanges(dirs.files, record).filter(({ path, blocked }) => {
      return blocked === null && isMeant(path);
    });
    const stored = await storeChanges(
      store,
      dirs.files,
      withoutClashes(meant, new Set(record.files.keys())),
    );
    store.forget();
    const tree = await writeTree(store, (await store.commit(record.commit)).tree, stored);
    const bases = [...stored].map(([path, oid]) => ({ path, oid }));
    return commitAndSend(session, { ...input, message, tree, bases });
  });
}

/** A new file that needs the place of one whose deletion is not published with it waits. */
function withoutClashes(meant: readonly Change[], present: ReadonlySet<string>): readonly Change[] {
  const gone = new Set(meant.flatMap(({ path, change }) => (change === 'deleted' ? path : [])));
  const staying = [...present].filter((path) => !gone.has(path));
  const files = new Set(staying);
  const folders = new Set(staying.flatMap(parentsOf));
  return meant.filter(({ path, change }) => {
    if (change !== 'added') return true;
    return !folders.has(path) && !parentsOf(path).some((parent) => files.has(parent));
  });
}
