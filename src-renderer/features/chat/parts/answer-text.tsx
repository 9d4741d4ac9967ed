import { lazy, Suspense, type ReactNode } from 'react';
import { VisibleText } from '../../../markdown/visible-text.tsx';

/** Fetches the Markdown renderer; called when Chat opens, so that it is here before the first answer. */
export function loadMarkdown() {
  return import('../../../markdown/markdown.tsx');
}

const Markdown = lazy(async () => ({ default: (await loadMarkdown()).Markdown }));

/** Text of an answer. Until the renderer is loaded (a third of all that Chat needs) it can be read as it stands. */
export function AnswerText({ text }: { readonly text: string }): ReactNode {
  return (
    <Suspense
      fallback={
        <p className="answer-plain">
          <VisibleText text={text} />
        </p>
      }
    >
      <Markdown text={text} />
    </Suspense>
  );
}
