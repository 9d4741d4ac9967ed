import { create } from 'zustand';
import type { Collection } from '../../../src-contract/knowledge.ts';
import type { Item } from '../../../src-contract/library.ts';
import type { Provider } from '../../../src-contract/providers.ts';
import { call } from '../../bridge.ts';

/** What can be chosen for a question. What can't be read is left out here; its own screen says why. */
interface Choices {
  readonly providers: readonly Provider[];
  readonly collections: readonly Collection[];
  readonly agents: readonly Item[];
  readonly prompts: readonly Item[];
  /** Opening questions of agents, by agent. */
  readonly starters: readonly { readonly agent: string; readonly question: string }[];
}

/** Agents whose opening questions an empty conversation offers: what fits under the words without scrolling. */
const STARTER_AGENTS = 3;

export const useChoices = create<Choices>(() => ({
  providers: [],
  collections: [],
  agents: [],
  prompts: [],
  starters: [],
}));

export async function readChoices(): Promise<void> {
  const put = useChoices.setState;
  await Promise.allSettled([
    call('providers.list', {}).then(({ providers }) => put({ providers })),
    call('knowledge.collections', {}).then(({ collections }) => put({ collections })),
    call('library.items', {}).then(({ items }) =>
      put({ agents: usable(items, 'agent'), prompts: usable(items, 'prompt') }),
    ),
  ]);
  await readStarters();
}

/** Items of a kind that have a text here. */
function usable(items: readonly Item[], kind: Item['kind']): readonly Item[] {
  return items.filter(
    (item) => item.kind === kind && item.state !== 'deleted' && item.state !== 'quarantined',
  );
}

/** Opening questions: agents that bring collections first, since they can answer with sources at once. */
async function readStarters(): Promise<void> {
  const { agents, collections } = useChoices.getState();
  const details = await Promise.allSettled(
    agents.slice(0, 20).map(({ path }) => call('library.item', { path })),
  );
  const known = new Set(collections.map(({ name }) => name));
  const willing = details
    .flatMap((detail) => (detail.status === 'fulfilled' ? [detail.value] : []))
    .filter((agent) => agent.starters.length > 0)
    .toSorted((a, b) => score(b.collections, known) - score(a.collections, known));
  useChoices.setState({
    starters: willing
      .slice(0, STARTER_AGENTS)
      .flatMap((agent, i) =>
        agent.starters
          .slice(0, i === 0 ? 2 : 1)
          .map((question) => ({ agent: agent.name, question })),
      ),
  });
}

function score(wanted: readonly string[], known: ReadonlySet<string>): number {
  return wanted.filter((name) => known.has(name)).length;
}
