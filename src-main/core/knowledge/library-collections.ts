import type { KnowledgeStore, StoredCollection } from './knowledge-store.ts';

/**
 * Makes the stored collections of the library those that it has now. A name that a local collection
 * (or another one of the library) has already gets "(library)" behind it: nothing of the person's
 * own is touched.
 */
export function matchLibrary(
  store: KnowledgeStore,
  listed: readonly { readonly name: string; readonly dir: string }[],
  now: number,
): { readonly present: StoredCollection[]; readonly gone: StoredCollection[] } {
  const present = new Map<string, StoredCollection>();
  for (const { name, dir } of listed) {
    const collection = findOrMake(name);
    store.setSources(collection.id, [dir]);
    present.set(collection.id, collection);
  }
  const gone = store
    .collections()
    .filter(({ id, origin }) => origin === 'library' && !present.has(id));
  return { present: [...present.values()], gone };

  function findOrMake(name: string): StoredCollection {
    for (let n = 0; ; n += 1) {
      const shown = n === 0 ? name : n === 1 ? `${name} (library)` : `${name} (library ${n})`;
      const found = store.find(shown);
      if (!found) return store.create(shown, 'library', now);
      if (found.origin === 'library' && !present.has(found.id)) return found;
    }
  }
}
