import type { FeatureHandlers } from '../types.ts';

export function streamHandlers(): FeatureHandlers<'streams'> {
  return {
    'streams.cancel': ({ streamId }, context) => ({ cancelled: context.cancelStream(streamId) }),
  };
}
