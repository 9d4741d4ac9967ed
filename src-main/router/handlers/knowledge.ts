import type { KnowledgeService } from '../../core/knowledge/knowledge-service.ts';
import type { FeatureHandlers } from '../types.ts';

export function knowledgeHandlers(knowledge: KnowledgeService): FeatureHandlers<'knowledge'> {
  return {
    'knowledge.collections': () => ({ collections: knowledge.collections() }),
    'knowledge.files': (input) => knowledge.files(input),
    'knowledge.add': async (input, context) => {
      await knowledge.add(input, context);
    },
    'knowledge.upload': (input) => knowledge.upload(input),
    'knowledge.reindex': async (input, context) => {
      await knowledge.reindex(input, context);
    },
    'knowledge.remove': ({ collection }) => knowledge.remove(collection),
    'knowledge.search': (input) => knowledge.search(input),
    'knowledge.passage': (input) => knowledge.passage(input),
    'knowledge.browse': ({ path }) => knowledge.browse(path),
    'knowledge.eval': ({ dir }, { signal }) => knowledge.eval(dir, signal),
  };
}
