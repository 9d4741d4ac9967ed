import { listTrash, readTrash } from '../../../src-main/core/library/files/trash.ts';
import { readFileSync } from 'node:fs';
import { fixtureLibrary } from '../../helpers/git-fixture-library.ts';
import type { LibraryClient } from '../../helpers/library-rig-client.ts';

/** So many more files that a test may delete one or two without being asked. */
const FILLERS = 12;

/** Ten lines that can be told apart. */
export const LINES = Array.from({ length: 10 }, (_, n) => `line ${n}\n`).join('');
export const TEXT = 'knowledge/handbook/lines.md';

export const library: Readonly<Record<string, string>> = {
  ...fixtureLibrary,
  [TEXT]: LINES,
  ...Object.fromEntries(
    Array.from({ length: FILLERS }, (_, n) => [`knowledge/fill/${n}.md`, `filler ${n}\n`]),
  ),
};

/** The ten lines with some of them replaced. */
export function lines(changes: Readonly<Record<number, string>>, from = LINES): string {
  return from
    .split('\n')
    .map((line, n) => changes[n] ?? line)
    .join('\n');
}

/** What a client's trash holds: why, path and text, by path. */
export function trashed(
  client: LibraryClient,
): readonly { readonly path: string; readonly why: string; readonly text: string }[] {
  return listTrash(client.dirs.trash)
    .map(({ id, path, why }) => {
      const found = readTrash(client.dirs.trash, id);
      return { path, why, text: found ? readFileSync(found.file, 'utf8') : 'not there' };
    })
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
