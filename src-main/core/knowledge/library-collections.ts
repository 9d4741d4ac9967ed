import type { KnowledgeStore, StoredCollection } from './knowledge-store.ts';

/**
 * Makes the stored collections of the library those that it has now. A name that a local collection
 * has already gets "(library)" behind it: nothing of the person's own is touched.
 */
export function matchLibrary(
  store: KnowledgeStore,
  listed: readonly { readonly name: string; readonly dir: string }[],
  now: number,
): { readonly present: StoredCollection[]; readonly gone: StoredCollection[] } {
  const present = listed.map(({ name, dir }) => {
    const isTaken = store.find(name)?.origin === 'local';
    const shown = isTaken ? `${name} (library)` : name;
    const collection = store.find(shown) ?? store.create(shown, 'library', now);
    store.setSources(collection.id, [dir]);
    return collection;
  });
  const kept = new Set(present.map((collection) => collection.id));
  const gone = store
    .collections()
    .filter((collection) => collection.origin === 'library' && !kept.has(collection.id));
  return { present, gone };
}
