import { useState, type ReactNode } from 'react';
import type { LibraryStatus } from '../../../../src-contract/library.ts';
import { call } from '../../../bridge.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { Banner } from '../../../ui/banner.tsx';
import { Button } from '../../../ui/button.tsx';
import { counted, shortVersion } from '../../../ui/format.ts';
import { updateLibrary } from '../activity-state.ts';
import { ChangeList } from './change-list.tsx';

/** A version of the team that is here and not taken: what it changes can be read first. */
export function AvailableNote({
  available: { version, changed, versions },
  from,
}: {
  readonly available: NonNullable<LibraryStatus['available']>;
  readonly from: string | null;
}): ReactNode {
  const [open, setOpen] = useState(false);
  const newest = versions[0];
  return (
    <div className="grid gap-2">
      <Banner
        tone="info"
        icon="update"
        title={`An update of the team is ready: ${counted(changed.length, 'file')} ${changed.length === 1 ? 'changes' : 'change'}.`}
        actions={
          <>
            <Button
              size="small"
              kind="quiet"
              aria-expanded={open}
              icon={open ? 'down' : 'right'}
              onClick={() => setOpen(!open)}
            >
              What it changes
            </Button>
            <Button size="small" icon="update" onClick={() => updateLibrary()}>
              Take the update
            </Button>
          </>
        }
      >
        {newest ? (
          <VisibleText
            text={`${newest.message} (${newest.author}${versions.length > 1 ? `, and ${counted(versions.length - 1, 'version')} before` : ''})`}
          />
        ) : (
          `Version ${shortVersion(version)}`
        )}
      </Banner>
      {open && (
        <ChangeList
          name="What it changes"
          heading={false}
          changes={changed}
          diffOf={
            from === null ? undefined : (path) => call('library.diff', { path, from, to: version })
          }
        />
      )}
    </div>
  );
}
