import { useEffect, useMemo, type ReactNode } from 'react';
import type { Item } from '../../../../src-contract/library.ts';
import { hrefFor, navigate } from '../../../route.ts';
import { Button } from '../../../ui/button.tsx';
import { count } from '../../../ui/format.ts';
import { cx } from '../../../ui/cx.ts';
import { Icon, type IconName } from '../../../ui/icon.tsx';
import { Empty } from '../../../ui/parts.tsx';
import type { Tone } from '../../../ui/state.tsx';
import { Tree, type TreeNode } from '../../../ui/tree.tsx';
import { STATES } from '../item-words.ts';
import { useKept, type Drafts } from '../kept-state.ts';
import { KINDS, matches } from '../kinds.ts';
import { toggleFolder, useLibrary } from '../library-state.ts';

/** Items by kind; the word of their state stands at the right. */
export function ItemTree({ current }: { readonly current: string }): ReactNode {
  const { items, filter, open } = useLibrary();
  const shown = useMemo(() => items.filter((item) => matches(item, filter)), [items, filter]);
  const drafts = useKept((state) => state.drafts);
  const nodes = useMemo(() => nodesOf(shown, drafts), [shown, drafts]);
  const filtered = filter.trim() !== '';
  const shownPath = useLibrary((state) => state.detail?.path);
  useEffect(() => {
    if (shownPath === undefined) return;
    document.querySelector('.tree-row[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [shownPath]);
  if (shown.length === 0) {
    return (
      <Empty
        icon="search"
        title={filtered ? 'No item fits' : 'No items yet'}
        action={
          filtered && (
            <Button size="small" onClick={() => useLibrary.setState({ filter: '' })}>
              Clear the filter
            </Button>
          )
        }
      />
    );
  }
  return (
    <Tree
      name="Items"
      nodes={nodes}
      // A filter shows what it finds.
      open={filtered ? new Set(nodes.map(({ id }) => id)) : open}
      selected={current === '' ? null : current}
      onToggle={toggleFolder}
      onSelect={(path) => navigate(hrefFor('library', path))}
    />
  );
}

function nodesOf(items: readonly Item[], drafts: Drafts): TreeNode[] {
  return KINDS.flatMap(({ kind, many, icon }) => {
    const children = items.filter((item) => item.kind === kind);
    if (children.length === 0) return [];
    return [
      {
        id: kind,
        label: many,
        icon: 'folder' as const,
        meta: count(children.length),
        children: children.map((item) => ({
          id: item.path,
          label: item.name,
          icon,
          ...stateOf(item, drafts[item.path] !== undefined),
        })),
      },
    ];
  });
}

/** Clean says nothing; what needs the person goes before what is only said. */
function stateOf(item: Item, unsaved: boolean): Pick<TreeNode, 'meta'> {
  const { state, update, problems } = item;
  if (state === 'conflict' || state === 'quarantined') {
    const { icon, word, tone } = STATES[state];
    return { meta: <Word icon={icon} tone={tone} word={word} /> };
  }
  if (unsaved) return { meta: <Word icon="edit" tone="warn" word="not saved" /> };
  if (problems.length > 0) return { meta: <Word icon="warn" tone="warn" word="problem" /> };
  if (update) return { meta: <Word icon="update" tone="info" word="update" /> };
  if (state === 'clean') return {};
  const { icon, word, tone } = STATES[state];
  return { meta: <Word icon={icon} tone={tone} word={word} /> };
}

function Word({
  icon,
  tone,
  word,
}: {
  readonly icon: IconName;
  readonly tone: Tone;
  readonly word: string;
}): ReactNode {
  return (
    <span className={cx('flex items-center gap-1', tone !== 'plain' && tone)}>
      <Icon name={icon} size={12} />
      {word}
    </span>
  );
}
