import { exportLibrary } from '../core/library/exchange/export.ts';
import { importLibrary } from '../core/library/exchange/import.ts';
import { acceptAll } from '../core/library/git/verify.ts';
import type { GitJobs } from '../core/library/git-jobs.ts';
import type { HeadCache } from '../core/library/items/list-items.ts';
import { check } from '../core/library/jobs/check.ts';
import { clone } from '../core/library/jobs/clone.ts';
import { conflict, conflicts } from '../core/library/jobs/conflicts.ts';
import { discard } from '../core/library/jobs/discard.ts';
import { at } from '../core/library/jobs/items/at.ts';
import { create } from '../core/library/jobs/items/create.ts';
import { diff } from '../core/library/jobs/items/diff.ts';
import { item } from '../core/library/jobs/items/item.ts';
import { items } from '../core/library/jobs/items/items.ts';
import { log } from '../core/library/jobs/items/log.ts';
import { parse } from '../core/library/jobs/items/parse.ts';
import { remove } from '../core/library/jobs/items/remove.ts';
import { rename } from '../core/library/jobs/items/rename.ts';
import { restore } from '../core/library/jobs/items/restore.ts';
import { save } from '../core/library/jobs/items/save.ts';
import { show } from '../core/library/jobs/items/show.ts';
import { trash } from '../core/library/jobs/items/trash.ts';
import type { JobContext } from '../core/library/jobs/job-context.ts';
import { open } from '../core/library/jobs/open.ts';
import { overview } from '../core/library/jobs/overview.ts';
import { preview } from '../core/library/jobs/preview.ts';
import { publish } from '../core/library/jobs/publish.ts';
import { reporter } from '../core/library/jobs/reporter.ts';
import { resolve } from '../core/library/jobs/resolve.ts';
import { rollback } from '../core/library/jobs/rollback.ts';
import { setRemote } from '../core/library/jobs/set-remote.ts';
import { starter } from '../core/library/jobs/starter.ts';
import { update } from '../core/library/jobs/update.ts';
import type { Progress } from '../core/library/sync-jobs.ts';
import { trustHost } from '../core/library/ssh/trust-host.ts';
import { serveWorker, type JobContext as WorkerContext } from './serve-worker.ts';

/** Everything that touches git or the library's files runs here, away from the engine's loop. */
const heads: HeadCache = new Map();

/** What a job of sync gets: whom to tell, when to stop, and which versions to accept. */
function sync({ signal, progress }: WorkerContext<Progress>): JobContext {
  return { signal, report: reporter({ progress }), policy: acceptAll };
}

/** The same for jobs that are over before anybody would look at how far they are. */
function quiet({ signal }: WorkerContext<never>): JobContext {
  return { signal, report: () => undefined, policy: acceptAll };
}

serveWorker<GitJobs>({
  open: (input, context) => open(input, { ...sync(context), heads }),
  clone: (input, context) => clone(input, sync(context)),
  starter: (input, context) => starter(input, sync(context)),
  setRemote: (input, context) => setRemote(input, quiet(context)),
  trustHost: async (input, { signal }) => {
    await trustHost(input, signal);
    return null;
  },
  check: (input, context) => check(input, sync(context)),
  update: (input, context) => update(input, sync(context)),
  preview: (input) => preview(input),
  publish: (input, context) => publish(input, sync(context)),
  rollback: (input, context) => rollback(input, sync(context)),
  conflicts: (input) => conflicts(input),
  conflict: (input) => conflict(input),
  resolve: (input, context) => resolve(input, quiet(context)),
  discard: (input, context) => discard(input, quiet(context)),

  overview: ({ dirs }) => overview(dirs, heads),
  items: (input) => items(input, heads),
  item: (input) => item(input, heads),
  parse,
  create,
  save,
  rename,
  remove,
  trash,
  restore,
  log: (input, { signal }) => log(input, signal),
  show: (input, { signal }) => show(input, signal),
  at: (input, { signal }) => at(input, signal),
  diff: (input, { signal }) => diff(input, signal),
  export: exportLibrary,
  import: importLibrary,
});
