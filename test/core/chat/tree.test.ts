import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Conversation } from '../../../src-contract/chat.ts';
import type { EncryptedDb } from '../../../src-main/db/open.ts';
import { listen, makeChat, scratchStore, send } from './setup.ts';

let scratch: ReturnType<typeof scratchStore>;
let db: EncryptedDb;
beforeEach(() => {
  scratch = scratchStore();
  db = scratch.open();
});
afterEach(() => {
  db.close();
  scratch.remove();
});

type Act =
  | { readonly do: 'send' }
  | { readonly do: 'branch'; readonly at: number }
  | { readonly do: 'root' }
  | { readonly do: 'regenerate'; readonly at: number }
  | { readonly do: 'select'; readonly at: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.constant<Act>({ do: 'send' }),
  fc.constant<Act>({ do: 'root' }),
  fc.nat(50).map((at): Act => ({ do: 'branch', at })),
  fc.nat(50).map((at): Act => ({ do: 'regenerate', at })),
  fc.nat(50).map((at): Act => ({ do: 'select', at })),
);

/** What must hold of every conversation after whatever was done to it. */
function check({ messages, leafId }: Conversation): void {
  const byId = new Map(messages.map((message) => [message.id, message]));
  expect(byId.size).toBe(messages.length);
  const seen = new Set<string>();
  for (const { id, parentId, role } of messages) {
    const parent = parentId === null ? null : byId.get(parentId);
    // Parents are written first, so there is no loop, and question and answer alternate.
    if (parentId === null) expect(role).toBe('user');
    else {
      expect(seen.has(parentId)).toBe(true);
      expect(parent?.role).toBe(role === 'user' ? 'assistant' : 'user');
    }
    seen.add(id);
  }
  const leaf = byId.get(leafId ?? '');
  expect(leaf?.role).toBe('assistant');
  expect(messages.some(({ parentId }) => parentId === leafId)).toBe(false);
}

test('whatever is done, a conversation stays a tree and nothing of it changes or is lost', async () => {
  const chat = makeChat(db);
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
      const { started } = await send(chat, { text: 'question 0' });
      const { conversationId } = started;
      let before = chat.service.conversation(conversationId);
      for (const [i, one] of acts.entries()) {
        const answers = before.messages.filter(({ role }) => role === 'assistant');
        const pick = (at: number): string => answers[at % answers.length]?.id ?? '';
        const text = `question ${i + 1}`;
        let added = 2;
        switch (one.do) {
          case 'send':
            await send(chat, { text, conversationId });
            break;
          case 'root':
            await send(chat, { text, conversationId, parentId: null });
            break;
          case 'branch':
            await send(chat, { text, conversationId, parentId: pick(one.at) });
            break;
          case 'regenerate': {
            const input = { conversationId, messageId: pick(one.at) };
            await listen((output) => chat.service.regenerate(input, output));
            added = 1;
            break;
          }
          case 'select': {
            const any = before.messages[one.at % before.messages.length]?.id ?? '';
            chat.service.selectLeaf(conversationId, any);
            added = 0;
            break;
          }
        }
        const after = chat.service.conversation(conversationId);
        check(after);
        expect(after.messages).toHaveLength(before.messages.length + added);
        expect(after.messages.slice(0, before.messages.length)).toEqual(before.messages);
        before = after;
      }
    }),
    { numRuns: 25 },
  );
});
