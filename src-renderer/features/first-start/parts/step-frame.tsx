import { useEffect, useRef, type ReactNode } from 'react';
import type { AppError, ErrorShape, RemedyAction } from '../../../../src-contract/app-error.ts';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { Button } from '../../../ui/button.tsx';
import { finishStep, goBack, STEPS, useFirstStart } from '../first-start-state.ts';

/** Remedies that are dialogs, so that they can be had anywhere. */
const HERE: ReadonlySet<RemedyAction | undefined> = new Set(['give-access', 'trust-host']);

/** An error as a step can show it: other screens, where a remedy may lead, are not there yet. */
export function stepError(error: AppError): ErrorShape {
  const shape = error.toShape();
  return HERE.has(shape.action) ? shape : { ...shape, action: 'retry' };
}

/** An error of a step with what can be done here. */
export function StepError({
  error,
  onRetry,
}: {
  readonly error: AppError;
  readonly onRetry: () => void;
}) {
  return <ErrorBanner error={stepError(error)} on={{ retry: onRetry }} stacked />;
}

interface StepFrameProps {
  readonly title: string;
  readonly lead: string;
  readonly children: ReactNode;
  /** The primary button; its word says what happens. */
  readonly go: string;
  readonly onGo: () => void;
  readonly busy?: boolean;
  /** Why the primary button is off, in words; null when it is not. */
  readonly blocked?: string | null;
  /** The step is done: nothing is left to put off. */
  readonly done?: boolean;
}

/** Title, question, and the buttons of one step. */
export function StepFrame({
  title,
  lead,
  children,
  go,
  onGo,
  busy = false,
  blocked = null,
  done = false,
}: StepFrameProps) {
  const step = useFirstStart((state) => state.step);
  const heading = useRef<HTMLHeadingElement>(null);
  // A screen reader hears the new step; the keyboard starts at its top.
  useEffect(() => heading.current?.focus(), []);
  return (
    <form
      className="contents"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && blocked === null) onGo();
      }}
    >
      <div className="step-body">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <p className="lead">{lead}</p>
        {children}
      </div>
      <div className="nav">
        {step !== STEPS[0] && (
          <Button onClick={goBack} disabled={busy}>
            Back
          </Button>
        )}
        <div className="end">
          {blocked !== null && <span className="ink-3 small">{blocked}</span>}
          {!done && (
            <Button kind="quiet" disabled={busy} onClick={() => finishStep(null)}>
              Not now
            </Button>
          )}
          <Button kind="primary" type="submit" busy={busy} disabled={blocked !== null}>
            {go}
          </Button>
        </div>
      </div>
    </form>
  );
}
