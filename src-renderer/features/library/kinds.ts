import type { Item, ItemKind } from '../../../src-contract/library.ts';
import type { IconName } from '../../ui/icon.tsx';

interface Kind {
  readonly kind: ItemKind;
  /** Of many: the folder of the tree. */
  readonly many: string;
  /** Of one: under its name. */
  readonly one: string;
  readonly icon: IconName;
}

/** Kinds in the order of the tree. */
export const KINDS: readonly Kind[] = [
  { kind: 'prompt', many: 'Prompts', one: 'Prompt', icon: 'prompt' },
  { kind: 'agent', many: 'Agents', one: 'Agent', icon: 'agent' },
  { kind: 'skill', many: 'Skills', one: 'Skill', icon: 'skill' },
  { kind: 'knowledge', many: 'Knowledge', one: 'Document', icon: 'knowledge' },
  { kind: 'template', many: 'Templates', one: 'Template', icon: 'templates' },
  { kind: 'policy', many: 'Policy', one: 'Policy', icon: 'policy' },
  { kind: 'other', many: 'Other files', one: 'File', icon: 'file' },
];

export function kindOf(item: Item): Kind {
  return KINDS.find(({ kind }) => kind === item.kind) ?? (KINDS.at(-1) as Kind);
}

/** Kind of the item at `path`; a file that is no item is `other`. */
export function kindOfPath(items: readonly Item[], path: string): ItemKind {
  return items.find((item) => item.path === path)?.kind ?? 'other';
}

/** Whether an item has all words of a filter in its name, path or description. */
export function matches(item: Item, filter: string): boolean {
  const text = `${item.name} ${item.path} ${item.description}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/u)
    .every((word) => text.includes(word));
}
