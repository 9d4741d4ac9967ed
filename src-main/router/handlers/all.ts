import type { ChatService } from '../../core/chat/chat-service.ts';
import type { KnowledgeService } from '../../core/knowledge/knowledge-service.ts';
import type { LibraryService } from '../../core/library/library-service.ts';
import type { ProviderService } from '../../core/providers/provider-service.ts';
import type { Handlers } from '../types.ts';
import { appHandlers, type AppHandlerDeps } from './app.ts';
import { chatHandlers } from './chat.ts';
import { healthHandlers, type HealthPort, type LogPort } from './health.ts';
import { knowledgeHandlers } from './knowledge.ts';
import { libraryHandlers } from './library.ts';
import { providerHandlers } from './providers.ts';
import { settingsHandlers, type SettingsPort } from './settings.ts';
import { streamHandlers } from './streams.ts';
import { vaultHandlers, type VaultPort } from './vault.ts';

export interface AllServices extends AppHandlerDeps {
  readonly chat: ChatService;
  readonly health: HealthPort;
  readonly knowledge: KnowledgeService;
  readonly library: LibraryService;
  readonly log: LogPort;
  readonly providers: ProviderService;
  readonly settings: SettingsPort;
  readonly vault: VaultPort;
}

/** Every route with its one handler; a feature that is left out does not compile. */
export function allHandlers(services: AllServices): Handlers {
  return {
    ...appHandlers(services),
    ...chatHandlers(services.chat),
    ...healthHandlers(services.health, services.log),
    ...knowledgeHandlers(services.knowledge),
    ...libraryHandlers(services.library),
    ...providerHandlers(services.providers),
    ...settingsHandlers(services.settings),
    ...streamHandlers(),
    ...vaultHandlers(services.vault),
  };
}
