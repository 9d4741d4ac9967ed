import type { ReactNode } from 'react';
import type { Step } from '../../../../src-contract/chat.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { duration } from '../../../ui/format.ts';
import { Icon, Running } from '../../../ui/icon.tsx';

/** What was done for an answer, folded to one line. While it runs the line says the present step. */
export function Steps({
  steps,
  running,
}: {
  readonly steps: readonly Step[];
  readonly running: boolean;
}): ReactNode {
  const last = steps.at(-1);
  if (!last) return null;
  const total = steps.reduce((sum, step) => sum + (step.ms ?? 0), 0);
  const line = running ? last.text : steps.map(({ text }) => text).join(', ');
  return (
    <details className="steps">
      <summary>
        {running ? <Running size={12} /> : <Icon name="right" size={12} />}
        <span className="cut">
          <VisibleText text={line} />
        </span>
        {!running && total > 0 && <span className="num">· {duration(total)}</span>}
      </summary>
      <ol>
        {steps.map((step, i) => (
          // Steps are only ever appended.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={i}>
            <VisibleText text={step.text} />
            {step.ms !== null && <span className="ink-3 num"> · {duration(step.ms)}</span>}
          </li>
        ))}
      </ol>
    </details>
  );
}
