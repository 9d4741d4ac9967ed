import type { LibraryService } from '../../core/library/library-service.ts';
import type { FeatureHandlers } from '../types.ts';

/** Routes about items, their versions, the trash, and other programs' formats. */
export type ItemRoute =
  | 'library.items'
  | 'library.item'
  | 'library.parse'
  | 'library.create'
  | 'library.save'
  | 'library.rename'
  | 'library.remove'
  | 'library.discard'
  | 'library.trash'
  | 'library.restore'
  | 'library.log'
  | 'library.show'
  | 'library.at'
  | 'library.diff'
  | 'library.export'
  | 'library.import';

export function libraryItemHandlers(
  library: LibraryService,
): Pick<FeatureHandlers<'library'>, ItemRoute> {
  return {
    'library.items': async ({ kind }, { signal }) => ({
      items: [...(await library.items(kind, signal))],
    }),
    'library.item': ({ path }, { signal }) => library.item(path, signal),
    'library.parse': ({ path, content }, { signal }) => library.parse(path, content, signal),
    'library.create': ({ kind, name, collection }) =>
      library.create({ kind, name, collection: collection ?? null }),
    'library.save': (input) => library.save(input),
    'library.rename': (input) => library.rename(input),
    'library.remove': async ({ path }) => ({ trashed: [...(await library.remove(path))] }),
    'library.discard': async ({ path }) => ({ trashed: [...(await library.discard(path))] }),
    'library.trash': async (_input, { signal }) => ({
      entries: [...(await library.trash(signal))],
    }),
    'library.restore': ({ id }) => library.restore(id),
    'library.log': async ({ limit, path }, { signal }) => ({
      versions: [...(await library.log(limit, path ?? null, signal))],
    }),
    'library.show': async ({ version }, { signal }) => {
      const shown = await library.show(version, signal);
      return { version: shown.version, changed: [...shown.changed] };
    },
    'library.at': ({ version, path }, { signal }) => library.at(version, path, signal),
    'library.diff': ({ path, from, to }, { signal }) =>
      library.diff({ path, from: from ?? null, to: to ?? null }, signal),
    'library.export': async ({ to, dir }) => told(await library.export({ to, dir })),
    'library.import': async ({ from }) => told(await library.import(from)),
  };
}

function told({
  written,
  lost,
}: {
  readonly written: readonly string[];
  readonly lost: readonly string[];
}) {
  return { written: [...written], lost: [...lost] };
}
