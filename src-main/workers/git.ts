import { acceptAll } from '../core/library/git/verify.ts';
import type { GitJobs } from '../core/library/git-jobs.ts';
import type { HeadCache } from '../core/library/items/list-items.ts';
import { clone } from '../core/library/jobs/clone.ts';
import { open } from '../core/library/jobs/open.ts';
import { item, items, log, overview } from '../core/library/jobs/overview.ts';
import { reporter } from '../core/library/jobs/reporter.ts';
import { adoptStarter } from '../core/library/jobs/starter.ts';
import { update } from '../core/library/jobs/update.ts';
import { serveWorker } from './serve-worker.ts';

/** Everything that touches git or the library's files runs here, away from the engine's loop. */
const heads: HeadCache = new Map();

serveWorker<GitJobs>({
  open: ({ dirs }, context) => open(dirs, heads, reporter(context)),
  clone: (input, context) => clone(input, acceptAll, context.signal, reporter(context)),
  starter: (input, context) => adoptStarter(input, acceptAll, reporter(context)),
  update: (input, context) => update(input, acceptAll, context.signal, reporter(context)),
  overview: ({ dirs }) => overview(dirs, heads),
  items: ({ dirs, kind }) => items(dirs, heads, kind),
  item: ({ dirs, path }) => item(dirs, heads, path),
  log: ({ dirs, limit }) => log(dirs, limit),
});
