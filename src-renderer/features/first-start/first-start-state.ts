import { create } from 'zustand';
import type { AppError } from '../../../src-contract/app-error.ts';
import { asAppError } from '../../bridge.ts';
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
  else void leave(hrefFor('chat', '', { ask: firstQuestion(collection, hasGuide), collection }));
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

/** A question that what was just set up can answer; none without anything to answer from. */
function firstQuestion(collection: string | null, hasGuide: boolean): string | null {
  if (collection !== null) return `What are the main points of “${collection}”?`;
  return hasGuide ? 'How do I add a folder to Knowledge?' : null;
}
