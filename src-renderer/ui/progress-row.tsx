import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Icon, Running } from './icon.tsx';
import { count } from './format.ts';

interface ProgressRowProps {
  /** What runs, as a phrase: "Cloning the library". */
  readonly what: string;
  /** Null while the end is not known. */
  readonly done?: number | null;
  readonly total?: number | null;
  /** At the right, instead of "done of total". */
  readonly detail?: ReactNode;
  readonly onCancel?: () => void;
  readonly finished?: boolean;
}

/** Running work. Show it from 300 ms on (`useDelayed`); put an `ErrorBanner` in its place when it fails. */
export function ProgressRow({
  what,
  done,
  total,
  detail,
  onCancel,
  finished = false,
}: ProgressRowProps) {
  const known = typeof done === 'number' && typeof total === 'number' && total > 0;
  return (
    <div className="progress min-h-7">
      <span className={finished ? 'ok flex' : 'info flex'}>
        {finished ? <Icon name="ok" /> : <Running />}
      </span>
      <span className="cut">{what}</span>
      {finished ? (
        <span className="grow" />
      ) : (
        <progress
          className="bar grow"
          aria-label={what}
          {...(known ? { value: done, max: total } : {})}
        />
      )}
      <span className="ink-3 small num">
        {detail ??
          (known
            ? `${count(done)} of ${count(total)}`
            : typeof done === 'number' && done > 0
              ? count(done)
              : null)}
      </span>
      {onCancel && !finished && (
        <Button size="small" kind="quiet" onClick={onCancel}>
          Cancel
        </Button>
      )}
    </div>
  );
}
