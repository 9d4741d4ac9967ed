import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TreeObject } from 'isomorphic-git';
import { AppError } from '../../../../src-contract/app-error.ts';
import type { UpdateSummary } from '../../../../src-contract/library.ts';
import type { GitJobs } from '../git-jobs.ts';
import { MAX_FILE_BYTES } from '../limits.ts';
import type { ObjectStore, Oid } from '../git/object-store.ts';
import { accept } from './accept.ts';
import { recoverNow, summaryOf } from './apply.ts';
import { createWhole } from './create.ts';
import type { JobContext } from './job-context.ts';
import { moveRefs, noteState } from './library-state.ts';
import { underLock } from './session.ts';

/** The same name and time everywhere, so that the same files make the same version. */
const AUTHOR = {
  name: 'Carrel',
  email: 'starter@carrel.invalid',
  timestamp: Date.UTC(2026, 0, 1) / 1000,
  timezoneOffset: 0,
};

/**
 * The bundled starter library as a repository of its own with one commit, then written like any
 * other. Errors: `library/no-starter` (its folder isn't there), the disk.
 */
export async function starter(
  input: GitJobs['starter']['input'],
  context: JobContext,
): Promise<UpdateSummary> {
  const { dirs, starterDir } = input;
  const { policy, report } = context;
  if (!statSync(starterDir, { throwIfNoEntry: false })?.isDirectory()) throw noStarter();
  return underLock(dirs, async () => {
    const store = await createWhole(dirs.library, async (draft) => {
      report('checking', 0, null);
      const { fs, gitdir } = draft;
      const tree = await writeFolder(draft, starterDir);
      const tip = await draft.git.writeCommit({
        fs,
        gitdir,
        commit: {
          tree,
          parent: [],
          message: 'Starter library\n',
          author: AUTHOR,
          committer: AUTHOR,
        },
      });
      draft.forget();
      const { version } = await accept(draft, tip, null, null, policy, report);
      await moveRefs(draft, version, null);
      noteState(gitdir, {});
    });
    return summaryOf([await recoverNow(store, dirs, report)], '');
  });
}

async function writeFolder(store: ObjectStore, dir: string): Promise<Oid> {
  const { fs, gitdir } = store;
  const tree: TreeObject = [];
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const at = join(dir, entry.name);
    if (entry.isDirectory()) {
      const oid = await writeFolder(store, at);
      tree.push({ mode: '040000', path: entry.name, oid, type: 'tree' });
    } else if (entry.isFile() && statSync(at).size <= MAX_FILE_BYTES) {
      const oid = await store.git.writeBlob({ fs, gitdir, blob: readFileSync(at) });
      tree.push({ mode: '100644', path: entry.name, oid, type: 'blob' });
    }
  }
  return store.git.writeTree({ fs, gitdir, tree });
}

function noStarter(): AppError {
  return new AppError(
    'library/no-starter',
    'The starter library is missing from this installation.',
    {
      remedy: 'Install Carrel again, or connect a library of your own.',
    },
  );
}
