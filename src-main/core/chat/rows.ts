import type { Message } from '../../../src-contract/chat.ts';

/** A conversation as it is stored. */
export interface StoredConversation {
  readonly id: string;
  readonly title: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly leafId: string | null;
  readonly route: string | null;
  readonly agent: string | null;
  readonly collections: readonly string[];
}

export interface ConversationRow {
  readonly id: string;
  readonly title: string;
  readonly created_at: number;
  readonly updated_at: number;
  readonly leaf_id: string | null;
  readonly route: string | null;
  readonly agent: string | null;
  readonly collections: string;
}

export interface MessageRow {
  readonly id: string;
  readonly parent_id: string | null;
  readonly role: Message['role'];
  readonly status: Message['status'];
  readonly text: string;
  readonly created_at: number;
  readonly citations: string;
  readonly used: string | null;
  readonly error: string | null;
}

export function toConversation(row: ConversationRow): StoredConversation {
  return {
    id: row.id,
    title: row.title,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    leafId: row.leaf_id,
    route: row.route,
    agent: row.agent,
    collections: JSON.parse(row.collections) as string[],
  };
}

export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    parentId: row.parent_id,
    role: row.role,
    text: row.text,
    status: row.status,
    createdAt: row.created_at,
    citations: JSON.parse(row.citations) as Message['citations'],
    used: row.used === null ? null : (JSON.parse(row.used) as Message['used']),
    error: row.error === null ? null : (JSON.parse(row.error) as Message['error']),
  };
}
