import type { KeyboardEvent, ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import { useRoving } from './roving.ts';

export interface TreeNode {
  readonly id: string;
  readonly label: string;
  readonly icon: IconName;
  /** State words or a count, at the right. */
  readonly meta?: ReactNode;
  /** Present (even empty) on what can be opened. */
  readonly children?: readonly TreeNode[];
}

interface TreeProps {
  readonly name: string;
  readonly nodes: readonly TreeNode[];
  readonly open: ReadonlySet<string>;
  readonly selected: string | null;
  readonly onToggle: (id: string, open: boolean) => void;
  readonly onSelect: (id: string) => void;
}

interface FlatRow {
  readonly node: TreeNode;
  readonly depth: number;
  readonly parent: string | null;
  readonly at: number;
  readonly of: number;
}

/** Up and Down move, Right opens, Left closes or goes to the parent, Enter selects. One tab stop. */
export function Tree({ name, nodes, open, selected, onToggle, onSelect }: TreeProps) {
  const { ref, onKeyDown: move, onFocus } = useRoving<HTMLDivElement>('.tree-row');
  const rows = flatten(nodes, open, 0, null);

  function onKeyDown(event: KeyboardEvent): void {
    const id = (document.activeElement as HTMLElement | null)?.dataset['id'];
    const row = rows.find((each) => each.node.id === id);
    if (row && (event.key === 'ArrowRight' || event.key === 'ArrowLeft')) {
      event.preventDefault();
      const opened = open.has(row.node.id);
      if (event.key === 'ArrowRight') {
        if (row.node.children && !opened) onToggle(row.node.id, true);
        else if (row.node.children?.[0]) focusRow(ref.current, row.node.children[0].id);
      } else if (row.node.children && opened) onToggle(row.node.id, false);
      else if (row.parent !== null) focusRow(ref.current, row.parent);
      return;
    }
    move(event);
  }

  return (
    <div
      className="tree"
      role="tree"
      aria-label={name}
      tabIndex={-1}
      ref={ref}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
    >
      {rows.map(({ node, depth, at, of }) => (
        <button
          key={node.id}
          type="button"
          role="treeitem"
          className="tree-row"
          data-id={node.id}
          style={{ ['--depth' as string]: depth }}
          aria-level={depth + 1}
          aria-posinset={at}
          aria-setsize={of}
          aria-selected={node.id === selected}
          aria-expanded={node.children ? open.has(node.id) : undefined}
          onClick={() => {
            if (node.children) onToggle(node.id, !open.has(node.id));
            else onSelect(node.id);
          }}
        >
          {node.children ? (
            <Icon name={open.has(node.id) ? 'down' : 'right'} />
          ) : (
            <span className="leaf" />
          )}
          <Icon name={node.icon} className="kind" />
          <span className="cut" title={node.label}>
            {node.label}
          </span>
          {node.meta !== undefined && <span className="meta num">{node.meta}</span>}
        </button>
      ))}
    </div>
  );
}

function flatten(
  nodes: readonly TreeNode[],
  open: ReadonlySet<string>,
  depth: number,
  parent: string | null,
): FlatRow[] {
  return nodes.flatMap((node, index) => [
    { node, depth, parent, at: index + 1, of: nodes.length },
    ...(node.children && open.has(node.id) ? flatten(node.children, open, depth + 1, node.id) : []),
  ]);
}

function focusRow(tree: HTMLElement | null, id: string): void {
  tree?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)?.focus();
}
