import type { LibraryEvent } from '../../../src-contract/library.ts';
import type { Progress } from '../../core/library/sync-jobs.ts';
import type { StreamContext } from '../types.ts';

type Told = Extract<LibraryEvent, { readonly type: 'progress' }>;

/** Sends progress in order without holding up the work; only the latest waits while a client is behind. */
export function relay(context: Pick<StreamContext<Told>, 'emit'>): {
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
