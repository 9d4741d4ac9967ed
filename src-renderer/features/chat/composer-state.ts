import { create } from 'zustand';
import type { Conversation } from '../../../src-contract/chat.ts';
import { NEW, threadOf } from './thread-state.ts';

/** What goes with a question. A null route leaves the choice to Carrel: the settings, else the first ready provider. */
export interface Choice {
  readonly route: string | null;
  readonly agent: string | null;
  readonly collections: readonly string[];
}

interface Composer {
  /** Drafts stay in memory: the window's storage would put their words on disk unencrypted. */
  readonly drafts: Readonly<Record<string, string>>;
  /** What was chosen here and not sent yet, by conversation. */
  readonly choices: Readonly<Record<string, Choice>>;
}

const NOTHING: Choice = { route: null, agent: null, collections: [] };

export const useComposer = create<Composer>(() => ({ drafts: {}, choices: {} }));

export function setDraft(key: string, text: string): void {
  useComposer.setState(({ drafts }) => ({ drafts: { ...drafts, [key]: text } }));
}

/** Puts a text after what is written already; the slash that asked for a prompt gives way to it. */
export function addToDraft(key: string, text: string): void {
  const draft = useComposer.getState().drafts[key] ?? '';
  setDraft(key, /^\/?$/u.test(draft.trim()) ? text : `${draft.trimEnd()}\n\n${text}`);
}

/** Empties the draft if it is still what was sent: a person may have typed on. */
export function clearDraft(key: string, sent: string): void {
  const draft = useComposer.getState().drafts[key];
  if (draft?.trim() === sent.trim()) setDraft(key, '');
}

export function choiceOf(
  choices: Composer['choices'],
  key: string,
  conversation: Conversation | null,
): Choice {
  return choices[key] ?? (conversation ? stored(conversation) : NOTHING);
}

export function choose(key: string, patch: Partial<Choice>): void {
  const { choices } = useComposer.getState();
  const next = { ...choiceOf(choices, key, threadOf(key).conversation), ...patch };
  useComposer.setState({ choices: { ...choices, [key]: next } });
}

/** The choice as options of `chat.send` and `chat.regenerate`. */
export function sendOptions(key: string): {
  route?: string;
  agent?: string | null;
  collections?: string[];
} {
  const choice = choiceOf(useComposer.getState().choices, key, threadOf(key).conversation);
  return {
    ...(choice.route === null ? {} : { route: choice.route }),
    agent: choice.agent,
    collections: [...choice.collections],
  };
}

/** A new conversation has got its id. */
export function moveComposer(from: string, to: string): void {
  useComposer.setState(({ drafts, choices }) => ({
    drafts: move(drafts, from, to),
    choices: move(choices, from, to),
  }));
}

/** Opens the composer of a new conversation with an agent, a collection, a draft: "Use in chat". */
export function prepareNew(draft: string, choice: Partial<Choice>): void {
  choose(NEW, { ...NOTHING, ...choice });
  if (draft !== '') setDraft(NEW, draft);
}

function stored({ route, agent, collections }: Conversation): Choice {
  return { route, agent, collections };
}

function move<T>(record: Readonly<Record<string, T>>, from: string, to: string): Record<string, T> {
  const { [from]: moved, ...others } = record;
  return moved === undefined ? others : { ...others, [to]: moved };
}
