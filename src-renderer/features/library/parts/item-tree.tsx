import { useEffect, useMemo, type ReactNode } from 'react';
import type { Item } from '../../../../src-contract/library.ts';
import { hrefFor, navigate } from '../../../route.ts';
import { Button } from '../../../ui/button.tsx';
import { count } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Empty } from '../../../ui/parts.tsx';
import { Tree, type TreeNode } from '../../../ui/tree.tsx';
import { KINDS, matches } from '../kinds.ts';
import { toggleFolder, useLibrary } from '../library-state.ts';

/** Items by kind; the word of their state stands at the right. */
export function ItemTree({ current }: { readonly current: string }): ReactNode {
  const { items, filter, open } = useLibrary();
  const shown = useMemo(() => items.filter((item) => matches(item, filter)), [items, filter]);
  const nodes = useMemo(() => nodesOf(shown), [shown]);
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

function nodesOf(items: readonly Item[]): TreeNode[] {
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
          ...stateOf(item),
        })),
      },
    ];
  });
}

/** Clean says nothing. */
function stateOf(item: Item): Pick<TreeNode, 'meta'> {
  if (item.state === 'edited') {
    return {
      meta: (
        <>
          <Icon name="edited" size={12} />
          edited
        </>
      ),
    };
  }
  if (item.state === 'deleted') {
    return {
      meta: (
        <span className="warn flex items-center gap-1">
          <Icon name="removed" size={12} />
          deleted
        </span>
      ),
    };
  }
  if (item.problems.length > 0) {
    return {
      meta: (
        <span className="warn flex items-center gap-1">
          <Icon name="warn" size={12} />
          problem
        </span>
      ),
    };
  }
  return {};
}
