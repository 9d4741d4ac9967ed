import type { ErrorShape, RemedyAction } from '../../src-contract/app-error.ts';
import { remedyActions } from '../remedies.ts';
import { Banner } from './banner.tsx';
import { navigate } from '../route.ts';
import { Button } from './button.tsx';

/** What a place itself can do about an error. */
export type RemedyHandlers = Partial<Readonly<Record<RemedyAction, () => void>>>;

interface ErrorBannerProps {
  readonly error: ErrorShape;
  /** What the place itself can do about it; a `retry` here also shows where the error names another action. */
  readonly on?: RemedyHandlers | undefined;
  readonly onDismiss?: () => void;
  readonly stacked?: boolean;
}

/** An error where it happened, in its own words, with its remedy as a button. */
export function ErrorBanner({ error, on, onDismiss, stacked = false }: ErrorBannerProps) {
  return (
    <Banner
      tone="fail"
      title={error.message}
      stacked={stacked}
      actions={
        <>
          {onDismiss && (
            <Button size="small" kind="quiet" onClick={onDismiss}>
              Dismiss
            </Button>
          )}
          <Remedies action={error.action} on={on} />
        </>
      }
    >
      {error.remedy}
    </Banner>
  );
}

/** The button of one remedy: the place's own way if it has one, else the page where the remedy is. */
export function Remedies({
  action,
  on,
}: {
  readonly action: RemedyAction | null | undefined;
  readonly on?: RemedyHandlers | undefined;
}) {
  const shown = action ? remedyActions[action] : null;
  const own = action ? on?.[action] : undefined;
  return (
    <>
      {on?.retry && action !== 'retry' && (
        <Button size="small" kind={shown ? 'quiet' : 'plain'} onClick={on.retry}>
          {remedyActions.retry.label}
        </Button>
      )}
      {shown && (own ?? shown.href) && (
        <Button size="small" onClick={own ?? (() => navigate(shown.href ?? ''))}>
          {shown.label}
        </Button>
      )}
    </>
  );
}
