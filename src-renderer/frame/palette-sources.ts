import type { Item } from '../../src-contract/library.ts';
import type { ConversationSummary } from '../../src-contract/chat.ts';
import { call } from '../bridge.ts';
import { openPrompt } from '../prompts/prompt-state.ts';
import { hrefFor, navigate } from '../route.ts';
import { saveSetting } from '../settings-state.ts';
import { longTime } from '../ui/format.ts';
import type { IconName } from '../ui/icon.tsx';

export const KINDS = [
  'Commands',
  'Conversations',
  'Library',
  'Prompts',
  'Knowledge',
  'Settings',
] as const;
export type Kind = (typeof KINDS)[number];

/** One line of the palette. */
export interface Entry {
  readonly id: string;
  readonly kind: Kind;
  readonly icon: IconName;
  readonly title: string;
  /** A second line: the passage that was found, with marks at U+E000 and U+E001. */
  readonly snippet?: string;
  readonly where: string;
  readonly run: () => void;
}

/** Conversations that the palette knows by title; older ones are found by their words. */
const RECENT = 200;
/** Found messages shown at most. */
const FOUND = 8;

const go = (href: string) => () => navigate(href);

function theme(title: string, value: 'system' | 'light' | 'dark'): Entry {
  return {
    id: `theme-${value}`,
    kind: 'Commands',
    icon: 'settings',
    title,
    where: 'Appearance',
    // A refusal is shown by Settings, where the theme is.
    run: () =>
      void saveSetting('appearance.theme', value).catch(go(hrefFor('settings', 'appearance'))),
  };
}

/** What is always there. */
export function commands(): readonly Entry[] {
  const open = (icon: IconName, title: string, where: string, href: string): Entry => ({
    id: href,
    kind: 'Commands',
    icon,
    title,
    where,
    run: go(href),
  });
  const setting = (title: string, section: string): Entry => ({
    id: `setting-${section}`,
    kind: 'Settings',
    icon: 'settings',
    title,
    where: 'Settings',
    run: go(hrefFor('settings', section)),
  });
  return [
    open('add', 'New conversation', 'Chat', hrefFor('chat')),
    open('knowledge', 'Search and add knowledge', 'Knowledge', hrefFor('knowledge')),
    open('library', 'Open the library', 'Library', hrefFor('library')),
    open(
      'history',
      'Versions of the library',
      'Library',
      hrefFor('library', '', { view: 'history' }),
    ),
    open('remove', 'Trash of the library', 'Library', hrefFor('library', '', { view: 'trash' })),
    open('health', 'Show the state of everything', 'Health', hrefFor('health')),
    open('logs', 'Read the log', 'Health', hrefFor('health', 'logs')),
    theme('Use the light theme', 'light'),
    theme('Use the dark theme', 'dark'),
    theme('Use the computer’s theme', 'system'),
    setting('Providers: keys, models, test', 'providers'),
    setting('Routes: who answers new conversations', 'routes'),
    setting('Git sync: remote, access, who you are', 'library'),
    setting('Appearance: theme', 'appearance'),
    setting('Vault: encryption and what unlocks it', 'vault'),
    setting('Privacy: what leaves this machine', 'privacy'),
    setting('About: versions and places', 'about'),
  ];
}

function conversation({ id, title, updatedAt }: ConversationSummary): Entry {
  return {
    id: `chat-${id}`,
    kind: 'Conversations',
    icon: 'chat',
    title,
    where: longTime(updatedAt),
    run: go(hrefFor('chat', id)),
  };
}

const itemIcon: Readonly<Record<Item['kind'], IconName>> = {
  prompt: 'prompt',
  agent: 'agent',
  skill: 'skill',
  knowledge: 'knowledge',
  template: 'templates',
  policy: 'policy',
  other: 'file',
};

/** States in which an item has a text here. */
const USABLE: ReadonlySet<Item['state']> = new Set([
  'clean',
  'edited',
  'added',
  'queued',
  'conflict',
]);

/** What the store knows by name: read once when the palette opens. Throws `AppError`. */
export async function named(): Promise<readonly Entry[]> {
  const [chats, items, knowledge] = await Promise.all([
    call('chat.conversations', { limit: RECENT }),
    call('library.items', {}),
    call('knowledge.collections', {}),
  ]);
  return [
    ...chats.conversations.map(conversation),
    ...items.items.map(({ path, kind, name }): Entry => ({
      id: `item-${path}`,
      kind: 'Library',
      icon: itemIcon[kind],
      title: name,
      where: path,
      run: go(hrefFor('library', path)),
    })),
    ...items.items
      .filter(({ kind, state }) => kind === 'prompt' && USABLE.has(state))
      .map(({ path, name }): Entry => ({
        id: `prompt-${path}`,
        kind: 'Prompts',
        icon: 'prompt',
        title: name,
        where: 'Use in chat',
        run: () => openPrompt(path),
      })),
    ...knowledge.collections.map(({ name, files }): Entry => ({
      id: `collection-${name}`,
      kind: 'Knowledge',
      icon: 'knowledge',
      title: name,
      where: files === 1 ? '1 file' : `${files} files`,
      run: go(hrefFor('knowledge', name)),
    })),
  ];
}

/** Conversations whose messages have these words. Throws `AppError`. */
export async function found(query: string): Promise<readonly Entry[]> {
  const { hits } = await call('chat.search', { query, limit: FOUND });
  return hits.map(({ conversationId, messageId, title, snippet, createdAt }) => ({
    id: `hit-${messageId}`,
    kind: 'Conversations',
    icon: 'chat',
    title,
    snippet,
    where: longTime(createdAt),
    run: go(hrefFor('chat', conversationId, { message: messageId })),
  }));
}
