import { create } from 'zustand';
import type { AppError } from '../../../src-contract/app-error.ts';
import { asAppError, call } from '../../bridge.ts';
import { hrefFor, navigate } from '../../route.ts';
import { saveSetting } from '../../settings-state.ts';

export const STEPS = ['library', 'provider', 'knowledge'] as const;
export type Step = (typeof STEPS)[number];

interface FirstStartState {
  readonly step: Step;
  /** What came of each step, in a few words; null while it is open or was left out. */
  readonly results: Readonly<Record<Step, string | null>>;
  /** The collection that was added here: the first question is about it. */
  readonly collection: string | null;
  /** True where the library comes with its own guide to ask about. */
  readonly hasGuide: boolean;
  readonly error: AppError | null;
}

export const useFirstStart = create<FirstStartState>(() => ({
  step: 'library',
  results: { library: null, provider: null, knowledge: null },
  collection: null,
  hasGuide: false,
  error: null,
}));

/** Goes on; with `result` the step is marked done. After the last step the set-up ends in Chat. */
export function finishStep(result: string | null): void {
  const { step, results, collection, hasGuide } = useFirstStart.getState();
  useFirstStart.setState({ results: { ...results, [step]: result ?? results[step] } });
  const next = STEPS[STEPS.indexOf(step) + 1];
  if (next) useFirstStart.setState({ step: next });
  else void leaveAsking(collection, hasGuide);
}

export function goBack(): void {
  useFirstStart.setState(({ step }) => ({ step: STEPS[STEPS.indexOf(step) - 1] ?? step }));
}

/** Ends the set-up; nothing else is changed. */
export function skipAll(): void {
  void leave(hrefFor('chat'));
}

async function leave(href: string): Promise<void> {
  useFirstStart.setState({ error: null });
  try {
    navigate(href, { replace: true });
    await saveSetting('onboarding.done', true);
  } catch (error) {
    useFirstStart.setState({ error: asAppError(error) });
  }
}

/** Ends in Chat with a question that what was just set up can answer; with none where there is nothing to answer from. */
async function leaveAsking(collection: string | null, hasGuide: boolean): Promise<void> {
  let ask = hasGuide ? 'How do I add a folder to Knowledge?' : null;
  if (collection !== null) {
    // Without it the person asks by themselves: no reason to stop here.
    const topic = await topicOf(collection).catch(() => null);
    ask = topic && `What do my documents say about “${topic}”?`;
  }
  await leave(hrefFor('chat', '', { ask, collection }));
}

/** Longest heading that makes a question, in characters. */
const MAX_TOPIC_CHARS = 80;

/** The first heading of a document of the collection, else a document's name; null where there is none. Throws `AppError`. */
async function topicOf(collection: string): Promise<string | null> {
  const { files } = await call('knowledge.files', { collection, limit: 50 });
  const indexed = files.filter(({ state }) => state === 'indexed');
  const file = indexed.find(({ path }) => /\.(?:md|markdown)$/iu.test(path)) ?? indexed[0];
  if (!file) return null;
  const place = { collection, path: file.path, startLine: 1, endLine: 1, context: 20 };
  const { lines } = await call('knowledge.passage', place);
  const heading = lines.flatMap((line) => /^#{1,6}\s+(\S.*?)[\s#]*$/u.exec(line)?.[1] ?? [])[0];
  const name = file.path
    .split('/')
    .at(-1)
    ?.replace(/\.[^.]+$/u, '');
  const topic = heading ?? name?.replaceAll(/[-_]+/gu, ' ');
  return topic?.slice(0, MAX_TOPIC_CHARS) ?? null;
}
