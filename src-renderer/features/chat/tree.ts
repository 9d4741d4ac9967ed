import type { Message } from '../../../src-contract/chat.ts';

/** Messages from the first one down to `leafId`. */
export function pathTo(messages: readonly Message[], leafId: string | null): readonly Message[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const path: Message[] = [];
  for (let id = leafId; id !== null;) {
    const message = byId.get(id);
    // A message twice would be a circle: stored data is read as if it were hostile.
    if (!message || path.includes(message)) break;
    path.push(message);
    id = message.parentId;
  }
  return path.toReversed();
}

/** The branches beside each message, itself included, oldest first, by the message's id. */
export function siblingsById(
  messages: readonly Message[],
): ReadonlyMap<string, readonly Message[]> {
  const families = new Map<string, Message[]>();
  const byId = new Map<string, readonly Message[]>();
  for (const message of messages) {
    const key = `${message.role} ${message.parentId ?? ''}`;
    const family = families.get(key) ?? [];
    family.push(message);
    families.set(key, family);
    byId.set(message.id, family);
  }
  return byId;
}

/** The last message of a branch: from `id` always to the newest child. */
export function leafUnder(messages: readonly Message[], id: string): string {
  let leaf = id;
  for (let steps = 0; steps <= messages.length; steps++) {
    const child = messages.findLast((message) => message.parentId === leaf);
    if (!child) break;
    leaf = child.id;
  }
  return leaf;
}
