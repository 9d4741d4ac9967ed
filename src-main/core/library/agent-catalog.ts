import type { AgentCatalog } from '../chat/ports.ts';
import type { LibraryService } from './library-service.ts';

/** The library's agents for chat. Of several with one name, the first by path. */
export function libraryAgents(library: Pick<LibraryService, 'items' | 'item'>): AgentCatalog {
  return {
    async find(wanted) {
      const key = wanted.trim().toLowerCase();
      const agents = (await library.items('agent')).filter(({ state }) => state !== 'deleted');
      const found =
        agents.find(({ name }) => name.toLowerCase() === key) ??
        agents.find(({ path }) => path.toLowerCase() === key);
      if (!found) return null;
      const { name, body, route, collections } = await library.item(found.path);
      return { name, system: body, route, collections };
    },
  };
}
