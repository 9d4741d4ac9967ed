import type { AgentCatalog } from '../chat/ports.ts';
import type { LibraryService } from './library-service.ts';

/** The library's agents for chat. Of several with one name, the first by path. */
export function libraryAgents(library: Pick<LibraryService, 'items' | 'item'>): AgentCatalog {
  return {
    async find(wanted) {
      const key = wanted.trim().toLowerCase();
      const agents = (await library.items('agent')).filter(
        ({ state }) => state !== 'deleted' && state !== 'quarantined',
      );
      const found =
        agents.find(({ name }) => name.toLowerCase() === key) ??
        agents.find(({ path }) => path.toLowerCase() === key);
      if (!found) return null;
      const { name, body, route, collections, oid } = await library.item(found.path);
      // In conflict, and deleted here: there is nothing to be told to a model.
      if (oid === null) return null;
      return { name, system: body, route, collections };
    },
  };
}
