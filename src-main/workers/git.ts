import { exportLibrary } from '../core/library/exchange/export.ts';
import { importLibrary } from '../core/library/exchange/import.ts';
import { acceptAll } from '../core/library/git/verify.ts';
import type { GitJobs } from '../core/library/git-jobs.ts';
import type { HeadCache } from '../core/library/items/list-items.ts';
import { clone } from '../core/library/jobs/clone.ts';
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
import { open } from '../core/library/jobs/open.ts';
import { overview } from '../core/library/jobs/overview.ts';
import { reporter } from '../core/library/jobs/reporter.ts';
import { adoptStarter } from '../core/library/jobs/starter.ts';
import { update } from '../core/library/jobs/update.ts';
import { trustHost } from '../core/library/ssh/trust-host.ts';
import { serveWorker } from './serve-worker.ts';

/** Everything that touches git or the library's files runs here, away from the engine's loop. */
const heads: HeadCache = new Map();

serveWorker<GitJobs>({
  open: ({ dirs }, context) => open(dirs, heads, reporter(context)),
  clone: (input, context) => clone(input, acceptAll, context.signal, reporter(context)),
  starter: (input, context) => adoptStarter(input, acceptAll, reporter(context)),
  update: (input, context) => update(input, acceptAll, context.signal, reporter(context)),
  trustHost: async (input, { signal }) => {
    await trustHost(input, signal);
    return null;
  },

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
