import type { Topic } from '../../../src-contract/app.ts';
import type { Output } from '../../../src-contract/index.ts';
import type { ChangeBus } from '../../core/shared/change-bus.ts';
import type { FeatureHandlers } from '../types.ts';

export interface AppHandlerDeps {
  readonly bus: ChangeBus;
  readonly info: () => Output<'app.info'>;
}

export function appHandlers({ bus, info }: AppHandlerDeps): FeatureHandlers<'app'> {
  return {
    'app.info': () => info(),
    'app.watch': async (_input, { signal, emit }) => {
      // A topic that changed while the client was busy is told once, not once per change.
      const dirty = new Set<Topic>();
      let wake: () => void = () => undefined;
      const unsubscribe = bus.subscribe((topic) => {
        dirty.add(topic);
        wake();
      });
      signal.addEventListener('abort', () => wake(), { once: true });
      try {
        while (!signal.aborted) {
          if (dirty.size === 0) await new Promise<void>((resolve) => (wake = resolve));
          for (const topic of dirty) {
            dirty.delete(topic);
            await emit({ topic });
          }
        }
      } finally {
        unsubscribe();
      }
    },
  };
}
