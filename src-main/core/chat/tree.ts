/** A conversation's messages form a tree; they are given in the order in which they were written. */
export interface TreeNode {
  readonly id: string;
  readonly parentId: string | null;
}

/** The leaf below `id`, following the newest child each time; `id` itself where nothing follows it. */
export function leafUnder(nodes: readonly TreeNode[], id: string): string {
  const newestChild = new Map<string, string>();
  for (const node of nodes) {
    if (node.parentId !== null) newestChild.set(node.parentId, node.id);
  }
  let leaf = id;
  for (let child = newestChild.get(leaf); child !== undefined; child = newestChild.get(leaf)) {
    leaf = child;
  }
  return leaf;
}
