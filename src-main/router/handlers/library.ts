import type { LibraryEvent } from '../../../src-contract/library.ts';
import type { Progress } from '../../core/library/git-jobs.ts';
import type { LibraryService } from '../../core/library/library-service.ts';
import type { FeatureHandlers, StreamContext } from '../types.ts';

export function libraryHandlers(library: LibraryService): FeatureHandlers<'library'> {
  return {
    'library.status': () => library.status(),
    'library.connect': async ({ source }, context) => {
      const { onProgress, sent } = relay(context);
      const result = await library.connect(source, { signal: context.signal, onProgress });
      await sent();
      await context.emit({ type: 'done', ...result });
    },
    'library.update': async (_input, context) => {
      const { onProgress, sent } = relay(context);
      const result = await library.update({ signal: context.signal, onProgress });
      await sent();
      await context.emit({ type: 'done', ...result });
    },
    'library.items': async ({ kind }) => ({ items: [...(await library.items(kind))] }),
    'library.item': ({ path }) => library.item(path),
    'library.log': async ({ limit }) => ({ versions: [...(await library.log(limit))] }),
  };
}

/** Sends progress in order without holding up the work; only the latest waits while a client is behind. */
function relay(context: StreamContext<LibraryEvent>): {
  onProgress: (progress: Progress) => void;
  sent: () => Promise<void>;
} {
  let waiting: Progress | null = null;
  let sending: Promise<void> | null = null;
  let failure: unknown = null;
  const drain = async (): Promise<void> => {
    try {
      for (let next = waiting; next; next = waiting) {
        waiting = null;
        await context.emit({ type: 'progress', ...next });
      }
    } catch (error) {
      failure = error;
    } finally {
      sending = null;
    }
  };
  return {
    onProgress: (progress) => {
      waiting = progress;
      sending ??= drain();
    },
    sent: async () => {
      await sending;
      if (failure) throw failure;
    },
  };
}
