import type { ReactNode } from 'react';
import type { LibraryStatus } from '../../../../src-contract/library.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { RemoteError } from '../../../remote/remote-error.tsx';
import { hrefFor, navigate } from '../../../route.ts';
import { Banner } from '../../../ui/banner.tsx';
import { Button } from '../../../ui/button.tsx';
import { Remedies } from '../../../ui/error-banner.tsx';
import { count, counted, shortVersion } from '../../../ui/format.ts';
import { updateLibrary } from '../activity-state.ts';
import { openDialog } from '../dialogs-state.ts';
import { AvailableNote } from './available-note.tsx';

interface StateNoteProps {
  readonly status: LibraryStatus;
  readonly onRetry: () => void;
}

/** What the library waits for, with its remedy; nothing while it rests or works. */
export function StateNote({ status, onRetry }: StateNoteProps): ReactNode {
  const { state, url, queued } = status;
  switch (state.kind) {
    case 'failed':
      return (
        <RemoteError
          error={state.error}
          url={url}
          onRetry={onRetry}
          on={{ 'allow-deletions': () => openDialog({ kind: 'deletions' }) }}
        />
      );
    case 'offline':
      return (
        <Banner
          tone="warn"
          icon="offline"
          title={
            queued > 0
              ? `The remote can’t be reached. ${counted(queued, 'version waits', 'versions wait')} here and ${queued === 1 ? 'goes' : 'go'} out when it is back.`
              : 'The remote can’t be reached. All else works.'
          }
          actions={<Remedies action="retry" on={{ retry: onRetry }} />}
        >
          {state.error.message}
        </Banner>
      );
    case 'held':
      return <HeldNote status={status} />;
    case 'conflict':
      return (
        <Banner
          tone="warn"
          icon="conflict"
          title={`${counted(state.items, 'item')} ${state.items === 1 ? 'was' : 'were'} changed here and by the team.`}
          actions={
            <Button
              size="small"
              onClick={() => navigate(hrefFor('library', '', { view: 'conflicts' }))}
            >
              Solve
            </Button>
          }
        >
          Both texts are kept until you decide. Everything else works on.
        </Banner>
      );
    case 'quarantined':
      return (
        <Banner
          tone="fail"
          icon="quarantined"
          title={`${counted(state.versions.length, 'version')} at the remote ${state.versions.length === 1 ? 'is' : 'are'} quarantined. Nothing of ${state.versions.length === 1 ? 'it' : 'them'} is shown or run.`}
          actions={<Remedies action="retry" on={{ retry: onRetry }} />}
        >
          <VisibleText
            text={state.versions
              .slice(0, 3)
              .map(({ version, reason }) => `${shortVersion(version)}: ${reason}`)
              .join(' ')}
          />
        </Banner>
      );
    case 'idle':
      return <RestNote status={status} />;
    default:
      return null;
  }
}

function HeldNote({ status: { state, url } }: { readonly status: LibraryStatus }): ReactNode {
  if (state.kind !== 'held') return null;
  const many = `${count(state.deletions)} of ${counted(state.files, 'file')}`;
  const isUpdate = state.direction === 'update';
  return (
    <Banner
      tone="warn"
      title={isUpdate ? `The team’s new version deletes ${many}.` : `Your version deletes ${many}.`}
      actions={
        <Button size="small" onClick={() => openDialog({ kind: 'deletions' })}>
          {isUpdate ? 'Decide about the update' : 'Decide about sending it'}
        </Button>
      }
    >
      {isUpdate
        ? 'That is much, so Carrel asks first. Nothing was taken.'
        : `That is much, so Carrel asks first. Nothing was sent${url === null ? '' : ' to the team'}.`}
    </Banner>
  );
}

/** At rest: an update that can be taken, or versions that can be sent. */
function RestNote({ status }: { readonly status: LibraryStatus }): ReactNode {
  const { available, queued, url } = status;
  if (available) return <AvailableNote available={available} from={status.version} />;
  if (queued === 0 || url === null) return null;
  return (
    <Banner
      tone="info"
      icon="waiting"
      title={`${counted(queued, 'version waits', 'versions wait')} to be sent to the team.`}
      actions={
        <Button size="small" icon="upload" onClick={() => updateLibrary()}>
          Send now
        </Button>
      }
    />
  );
}
