import type { PublishSummary } from '../../../../src-contract/library.ts';
import type { GitJobs } from '../git-jobs.ts';
import { noLibrary } from '../errors.ts';
import { readRecord } from '../files/record.ts';
import { diffCommits } from '../git/diff-trees.ts';
import type { ObjectStore, Oid } from '../git/object-store.ts';
import { writeTree } from '../git/write-tree.ts';
import { unknownVersion } from '../items/item-errors.ts';
import { commitAndSend } from './commit.ts';
import type { JobContext } from './job-context.ts';
import { unknownPath } from './job-errors.ts';
import { selector } from './select.ts';
import { tidy, withLibrary } from './session.ts';

/** Characters of a version that a message names. */
const SHORT = 10;

/**
 * Makes a new version in which the library, or one path (a folder, skill or template as a whole), is
 * as it was. What was edited here is treated as in an update. Errors: `library/none`,
 * `library/locked`, `library/unknown-version`, `library/unknown-item`, the disk.
 */
export async function rollback(
  input: GitJobs['rollback']['input'],
  context: JobContext,
): Promise<PublishSummary> {
  const { dirs, version, path } = input;
  return withLibrary(dirs, context, async (session) => {
    const { store } = session;
    await tidy(session);
    const record = readRecord(dirs.library);
    if (!record) throw noLibrary();
    if (!(await leadsTo(store, record.commit, version))) throw unknownVersion(version);
    const what = path === null ? 'the library' : path;
    const message = `Roll back ${what} to ${version.slice(0, SHORT)}`;
    const request = { ...input, message, bases: [] };
    if (path === null) {
      return commitAndSend(session, { ...request, tree: (await store.commit(version)).tree });
    }
    const isMeant = selector([path]);
    const changes = await diffCommits(store, record.commit, version);
    const back = changes.filter((each) => isMeant(each.path));
    if (back.length === 0 && ![...record.files.keys()].some(isMeant)) throw unknownPath(path);
    const tree = await writeTree(
      store,
      (await store.commit(record.commit)).tree,
      new Map(back.map((each) => [each.path, each.newOid])),
    );
    return commitAndSend(session, { ...request, tree });
  });
}

/** Whether a version is in the history of what is here: only that was accepted. */
async function leadsTo(store: ObjectStore, from: Oid, version: Oid): Promise<boolean> {
  const seen = new Set([from]);
  const queue = [from];
  for (let oid = queue.pop(); oid !== undefined; oid = queue.pop()) {
    if (oid === version) return true;
    for (const parent of (await store.commit(oid)).parents) {
      if (!seen.has(parent)) queue.push(parent);
      seen.add(parent);
    }
  }
  return false;
}
