import type { ItemKind } from '../../../../src-contract/library.ts';

/** What a file of the library is: an item, or a part of an item that is a folder (a skill, a template). */
export type Place =
  | { readonly kind: 'item'; readonly item: ItemKind; readonly folder: string | null }
  | { readonly kind: 'part'; readonly of: string };

/** Classifies by path alone, as the library format says. */
export function placeOf(path: string): Place {
  const [top, name, third] = path.split('/');
  switch (top) {
    case 'prompts':
      return item(path.endsWith('.prompt.md') ? 'prompt' : 'other');
    case 'agents':
      return item(path.endsWith('.agent.md') ? 'agent' : 'other');
    case 'skills':
      return inFolder('skill', path, name, third, 'SKILL.md');
    case 'templates':
      return inFolder('template', path, name, third, 'template.yaml');
    case 'knowledge':
      // Loose files belong to no collection, so they are no documents of one.
      return item(third === undefined ? 'other' : 'knowledge');
    case 'policy':
      return item(third === undefined && path.endsWith('.yaml') ? 'policy' : 'other');
    default:
      return item('other');
  }
}

function item(kind: ItemKind, folder: string | null = null): Place {
  return { kind: 'item', item: kind, folder };
}

function inFolder(
  kind: ItemKind,
  path: string,
  name: string | undefined,
  third: string | undefined,
  main: string,
): Place {
  if (name === undefined || third === undefined) return item('other');
  const folder = `${path.slice(0, path.indexOf('/'))}/${name}`;
  return path === `${folder}/${main}` ? item(kind, folder) : { kind: 'part', of: folder };
}

/** The skill or template that a path means: its main file, or its folder. Null for anything else. */
export function folderItemOf(
  path: string,
): { readonly kind: ItemKind; readonly folder: string; readonly main: string } | null {
  for (const main of [path, `${path}/SKILL.md`, `${path}/template.yaml`]) {
    const place = placeOf(main);
    if (place.kind === 'item' && place.folder !== null) {
      return { kind: place.item, folder: place.folder, main };
    }
  }
  return null;
}
