import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src-contract/chat.ts';
import { leafUnder, pathTo, siblingsById } from '../../../src-renderer/features/chat/tree.ts';

function message(id: string, parentId: string | null, role: Message['role']): Message {
  return {
    id,
    parentId,
    role,
    text: id,
    status: 'complete',
    createdAt: 0,
    citations: [],
    used: null,
    error: null,
  };
}

const TREE = [
  message('q1', null, 'user'),
  message('a1', 'q1', 'assistant'),
  message('a2', 'q1', 'assistant'),
  message('q2', 'a1', 'user'),
  message('a3', 'q2', 'assistant'),
  message('q3', null, 'user'),
];

describe('the shown branch', () => {
  it('goes from the first message to the leaf', () => {
    expect(pathTo(TREE, 'a3').map(({ id }) => id)).toEqual(['q1', 'a1', 'q2', 'a3']);
    expect(pathTo(TREE, null)).toEqual([]);
    expect(pathTo(TREE, 'unknown')).toEqual([]);
  });

  it('ends with data that runs in a circle', () => {
    const circle = [message('a', 'b', 'user'), message('b', 'a', 'user')];
    expect(pathTo(circle, 'a')).toHaveLength(2);
    expect(['a', 'b']).toContain(leafUnder(circle, 'a'));
  });

  it('knows the branches beside each message', () => {
    const siblings = siblingsById(TREE);
    expect(siblings.get('a2')?.map(({ id }) => id)).toEqual(['a1', 'a2']);
    expect(siblings.get('q3')?.map(({ id }) => id)).toEqual(['q1', 'q3']);
    expect(siblings.get('a3')).toHaveLength(1);
  });

  it('goes to the newest message of a branch', () => {
    expect(leafUnder(TREE, 'q1')).toBe('a2');
    expect(leafUnder(TREE, 'a1')).toBe('a3');
  });

  it('holds for any tree: a branch is its own path, and its leaf has no child', () => {
    const trees = fc
      .array(fc.nat(), { minLength: 1, maxLength: 40 })
      .map((parents) =>
        parents.map((parent, i) =>
          message(`m${i}`, i === 0 ? null : `m${parent % i}`, i % 2 ? 'assistant' : 'user'),
        ),
      );
    fc.assert(
      fc.property(trees, fc.nat(), (messages, pick) => {
        const { id } = messages[pick % messages.length] as Message;
        const path = pathTo(messages, id);
        expect(path.at(-1)?.id).toBe(id);
        expect(path[0]?.parentId).toBeNull();
        for (const [i, each] of path.entries())
          if (i > 0) expect(each.parentId).toBe(path[i - 1]?.id);
        const leaf = leafUnder(messages, id);
        expect(pathTo(messages, leaf).slice(0, path.length)).toEqual(path);
        expect(messages.some(({ parentId }) => parentId === leaf)).toBe(false);
      }),
    );
  });
});
