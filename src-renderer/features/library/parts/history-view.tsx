import { useState, type ReactNode } from 'react';
import { call } from '../../../bridge.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { hrefFor, navigate } from '../../../route.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { longTime, shortVersion } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Empty } from '../../../ui/parts.tsx';
import { ProgressRow } from '../../../ui/progress-row.tsx';
import { PickList } from '../../../ui/row.tsx';
import { Badge } from '../../../ui/state.tsx';
import { useDelayed } from '../../../ui/use-delayed.ts';
import type { Version } from '../library-state.ts';
import { useAsked } from '../use-asked.ts';
import { VersionView } from './version-view.tsx';

/** Versions asked for at first, and when more are wanted: the most that one question may give. */
const FIRST = 50;
const MOST = 500;

interface HistoryProps {
  /** Null for the library as a whole. */
  readonly path: string | null;
  /** The version that is open; null shows the list. */
  readonly open: string | null;
  /** What is materialised here. */
  readonly here: string | null;
}

/** Versions of the library or of one item, newest first; one of them with what it changed. */
export function HistoryView({ path, open, here }: HistoryProps): ReactNode {
  const [limit, setLimit] = useState(FIRST);
  const { value, error, read } = useAsked(`${path ?? ''} ${limit}`, () =>
    call('library.log', { limit, ...(path === null ? {} : { path }) }),
  );
  const late = useDelayed(value === null && error === null);
  if (error) {
    return (
      <div className="item">
        <ErrorBanner error={error} on={{ retry: read }} />
      </div>
    );
  }
  if (!value) return late ? <ProgressRow what="Reading the history" /> : null;
  const { versions } = value;
  const chosen = versions.findIndex(({ version }) => version === open);
  const version = versions[chosen];
  if (version)
    return (
      <VersionView
        key={version.version}
        version={version}
        path={path}
        isNewest={chosen === 0}
        here={here}
      />
    );
  if (versions.length === 0) {
    return (
      <Empty icon="history" title="No version yet">
        It has not been published. Its first version is made when you do.
      </Empty>
    );
  }
  return (
    <div className="history">
      <PickList label="History">
        {versions.map((each, i) => (
          <VersionRow
            key={each.version}
            version={each}
            path={path}
            isHere={path === null ? each.version === here : i === 0}
          />
        ))}
      </PickList>
      {versions.length === limit && limit < MOST && (
        <Button size="small" kind="quiet" onClick={() => setLimit(MOST)}>
          Show older versions
        </Button>
      )}
    </div>
  );
}

function VersionRow({
  version: { version, message, author, at, state },
  path,
  isHere,
}: {
  readonly version: Version;
  readonly path: string | null;
  readonly isHere: boolean;
}): ReactNode {
  const href = hrefFor('library', path ?? '', { view: 'history', version });
  return (
    <button
      type="button"
      role="option"
      aria-selected={false}
      className="row two"
      onClick={() => navigate(href)}
    >
      <Icon name={state === 'queued' ? 'waiting' : isHere ? 'ok' : 'time'} />
      <span className="lines">
        <span className="cut">
          <VisibleText text={message} />
        </span>
        <span className="cut">
          <VisibleText text={`${author}, ${longTime(at)}`} />
        </span>
      </span>
      {state === 'queued' && <Badge icon="waiting">Queued</Badge>}
      {isHere && state !== 'queued' && <Badge>You are here</Badge>}
      <span className="meta num">{shortVersion(version)}</span>
    </button>
  );
}
