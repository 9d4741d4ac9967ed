import type { ChatService } from '../../core/chat/chat-service.ts';
import type { FeatureHandlers } from '../types.ts';

export function chatHandlers(service: ChatService): FeatureHandlers<'chat'> {
  return {
    'chat.conversations': ({ limit, before }) => service.conversations(limit, before),
    'chat.conversation': ({ id }) => service.conversation(id),
    'chat.send': (input, context) => service.send(input, context),
    'chat.regenerate': (input, context) => service.regenerate(input, context),
    'chat.selectLeaf': ({ conversationId, leafId }) => {
      service.selectLeaf(conversationId, leafId);
      return {};
    },
    'chat.rename': ({ id, title }) => {
      service.rename(id, title);
      return {};
    },
    'chat.delete': ({ id }) => {
      service.delete(id);
      return {};
    },
    'chat.restore': ({ id }) => {
      service.restore(id);
      return {};
    },
    'chat.search': ({ query, limit }) => service.search(query, limit),
  };
}
