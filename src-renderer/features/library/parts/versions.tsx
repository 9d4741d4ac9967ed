import type { ReactNode } from 'react';
import { longTime, shortTime, shortVersion } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import { showAllVersions, useLibrary } from '../library-state.ts';

/** Versions of the library, newest first, at the foot of the list column. */
export function Versions(): ReactNode {
  const { versions, allVersions, status } = useLibrary();
  if (versions.length === 0) return null;
  return (
    <section className="versions" aria-label="Versions">
      <div className="section">
        <h3>Versions</h3>
        <span className="end">
          <button type="button" className="link" onClick={() => void showAllVersions(!allVersions)}>
            {allVersions ? 'Newest only' : 'All'}
          </button>
        </span>
      </div>
      <ul className="rows" aria-label="Versions">
        {versions.map(({ version, message, author, at }) => (
          <li
            key={version}
            className="version"
            title={`${message}\n${author}, ${longTime(at)}\n${version}`}
          >
            <Icon name={version === status?.version ? 'ok' : 'time'} />
            <span className="lines">
              <span className="cut">{message.split('\n')[0]}</span>
              <span className="cut">
                {author}, {version === status?.version ? 'you are here' : shortTime(at)}
              </span>
            </span>
            <span className="meta num">{shortVersion(version)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
