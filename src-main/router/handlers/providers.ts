import type { ProviderService } from '../../core/providers/provider-service.ts';
import type { FeatureHandlers } from '../types.ts';

export function providerHandlers(service: ProviderService): FeatureHandlers<'providers'> {
  return {
    'providers.list': () => ({ providers: service.list() }),
    'providers.add': (input) => service.add(input),
    'providers.remove': ({ id }) => {
      service.remove(id);
      return {};
    },
    'providers.test': ({ id }) => service.test(id),
    'providers.detect': async () => ({ found: await service.detect() }),
  };
}
