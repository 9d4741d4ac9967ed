import type {
  LibraryEvent,
  LibraryStatus,
  PublishEvent,
  PublishSummary,
  UpdateSummary,
} from '../../../src-contract/library.ts';
import type { LibraryService, RunOptions } from '../../core/library/library-service.ts';
import type { FeatureHandlers, StreamContext } from '../types.ts';
import { libraryItemHandlers, type ItemRoute } from './library-items.ts';
import { relay } from './relay.ts';

/** What goes to and comes from the remote, and what waits for a person. */
export function libraryHandlers(library: LibraryService): FeatureHandlers<'library'> {
  return { ...libraryItemHandlers(library), ...syncHandlers(library) };
}

function syncHandlers(library: LibraryService): Omit<FeatureHandlers<'library'>, ItemRoute> {
  return {
    'library.status': () => library.status(),
    'library.connect': ({ source }, context) =>
      tell(context, (options) => library.connect(source, options)),
    'library.setRemote': ({ url }) => library.setRemote(url),
    'library.check': ({ ifStale }, context) =>
      tell(context, (options) => library.check({ ...options, ifStale })),
    'library.update': ({ allowDeletions }, context) =>
      tell(context, (options) =>
        library.update({ ...options, ...(allowDeletions && { allowDeletions }) }),
      ),
    'library.preview': async (_input, { signal }) => {
      const { changes, queued } = await library.preview(signal);
      return { changes: [...changes], queued: [...queued] };
    },
    'library.publish': ({ message, paths, allowDeletions }, context) =>
      tellPublished(context, (options) =>
        library.publish({ ...options, message, paths: paths ?? null, allowDeletions }),
      ),
    'library.rollback': ({ version, path, allowDeletions }, context) =>
      tellPublished(context, (options) =>
        library.rollback({ ...options, version, path: path ?? null, allowDeletions }),
      ),
    'library.conflicts': async (_input, { signal }) => ({
      conflicts: [...(await library.conflicts(signal))],
    }),
    'library.conflict': ({ path }, { signal }) => library.conflict(path, signal),
    'library.resolve': ({ path, take }) => library.resolve(path, take),
    'library.access': ({ url }) => library.access(url),
    'library.setAccess': async ({ url, access }) => {
      await library.setAccess(url, access);
      return {};
    },
    'library.trustHost': (input) => library.trustHost(input),
  };
}

async function tell(
  context: StreamContext<LibraryEvent>,
  work: (
    options: RunOptions,
  ) => Promise<{ readonly status: LibraryStatus; readonly summary: UpdateSummary | null }>,
): Promise<void> {
  const { onProgress, sent } = relay(context);
  const { status, summary } = await work({ signal: context.signal, onProgress });
  await sent();
  await context.emit({ type: 'done', status, summary });
}

async function tellPublished(
  context: StreamContext<PublishEvent>,
  work: (
    options: RunOptions,
  ) => Promise<{ readonly status: LibraryStatus; readonly summary: PublishSummary }>,
): Promise<void> {
  const { onProgress, sent } = relay(context);
  const { status, summary } = await work({ signal: context.signal, onProgress });
  await sent();
  await context.emit({ type: 'done', status, summary });
}
