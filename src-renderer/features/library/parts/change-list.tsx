import { useState, type ReactNode } from 'react';
import type { Change, FileDiff } from '../../../../src-contract/library.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { hrefFor } from '../../../route.ts';
import { Button, GoButton } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { counted } from '../../../ui/format.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { SIGNS } from '../item-words.ts';
import { useAsked } from '../use-asked.ts';
import { DiffView } from './diff-view.tsx';

/** Rows until "Show all" is pressed: what is read at a glance. */
const FIRST_ROWS = 12;

interface ChangeListProps {
  /** What the list is; also its heading where `heading` is true. */
  readonly name: string;
  readonly changes: readonly Change[];
  /** With it each row opens to show its lines. */
  readonly diffOf?: ((path: string) => Promise<FileDiff>) | undefined;
  readonly heading?: boolean;
}

/** Files that a version changed: sign, path, word; each opens in place. */
export function ChangeList({ name, changes, diffOf, heading = true }: ChangeListProps): ReactNode {
  const [all, setAll] = useState(false);
  const shown = all ? changes : changes.slice(0, FIRST_ROWS);
  return (
    <div className="changes">
      {heading && <h3>{name}</h3>}
      <ul aria-label={name}>
        {shown.map((change) => (
          <ChangeRow key={change.path} change={change} diffOf={diffOf} />
        ))}
      </ul>
      {shown.length < changes.length && (
        <Button size="small" kind="quiet" onClick={() => setAll(true)}>
          {`Show all ${counted(changes.length, 'file')}`}
        </Button>
      )}
    </div>
  );
}

function ChangeRow({
  change: { path, change },
  diffOf,
}: {
  readonly change: Change;
  readonly diffOf: ChangeListProps['diffOf'];
}): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <div className="change-row">
        {diffOf && (
          <IconButton
            icon={open ? 'down' : 'right'}
            size="tiny"
            name={open ? `Hide the lines of ${path}` : `Show the lines of ${path}`}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          />
        )}
        <span className={`sign ${change}`} aria-hidden>
          {SIGNS[change]}
        </span>
        {change === 'deleted' ? (
          <span className="path">
            <VisibleText text={path} />
          </span>
        ) : (
          <GoButton href={hrefFor('library', path)}>
            <VisibleText text={path} />
          </GoButton>
        )}
        <span className="ink-3 small">{change}</span>
      </div>
      {open && diffOf && <Lines path={path} diffOf={diffOf} />}
    </li>
  );
}

function Lines({
  path,
  diffOf,
}: {
  readonly path: string;
  readonly diffOf: (path: string) => Promise<FileDiff>;
}): ReactNode {
  const { value, error, read } = useAsked(path, () => diffOf(path));
  if (error) return <ErrorBanner error={error} on={{ retry: read }} stacked />;
  return value && <DiffView diff={value} name={`Lines of ${path}`} />;
}
