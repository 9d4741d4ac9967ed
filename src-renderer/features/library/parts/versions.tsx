import type { ReactNode } from 'react';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { hrefFor, navigate } from '../../../route.ts';
import { longTime, shortTime, shortVersion } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import { useLibrary, type Version } from '../library-state.ts';

/** Newest versions of the library, at the foot of the list column. */
export function Versions(): ReactNode {
  const { versions, status } = useLibrary();
  if (versions.length === 0) return null;
  return (
    <section className="versions" aria-label="Versions">
      <div className="section">
        <h3>Versions</h3>
        <span className="end">
          <button
            type="button"
            className="link"
            onClick={() => navigate(hrefFor('library', '', { view: 'history' }))}
          >
            All
          </button>
        </span>
      </div>
      <ul className="rows" aria-label="Versions">
        {versions.map((version) => (
          <li key={version.version}>
            <Row version={version} isHere={version.version === status?.version} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Row({
  version: { version, message, author, at, state },
  isHere,
}: {
  readonly version: Version;
  readonly isHere: boolean;
}): ReactNode {
  return (
    <button
      type="button"
      className="row version"
      title={`${message}\n${author}, ${longTime(at)}\n${version}`}
      onClick={() => navigate(hrefFor('library', '', { view: 'history', version }))}
    >
      <Icon name={state === 'queued' ? 'waiting' : isHere ? 'ok' : 'time'} />
      <span className="lines">
        <span className="cut">
          <VisibleText text={message} />
        </span>
        <span className="cut">
          <VisibleText
            text={`${author}, ${state === 'queued' ? 'not sent yet' : isHere ? 'you are here' : shortTime(at)}`}
          />
        </span>
      </span>
      <span className="meta num">{shortVersion(version)}</span>
    </button>
  );
}
