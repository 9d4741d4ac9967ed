import type { ReactNode } from 'react';
import type {
  FileDiff,
  LibraryStatus,
  PublishSummary,
  UpdateSummary,
} from '../../../../src-contract/library.ts';
import { call } from '../../../bridge.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { RemoteError } from '../../../remote/remote-error.tsx';
import { hrefFor, navigate } from '../../../route.ts';
import { Banner } from '../../../ui/banner.tsx';
import { Button, GoButton } from '../../../ui/button.tsx';
import { counted, shortVersion } from '../../../ui/format.ts';
import { dismissOutcome, updateLibrary, type Outcome } from '../activity-state.ts';
import { ChangeList } from './change-list.tsx';

interface OutcomeNoteProps {
  readonly outcome: Outcome;
  readonly status: LibraryStatus;
  /** Without lists. */
  readonly brief: boolean;
}

/** What the last work did: what changed, what was merged, what waits for a decision. */
export function OutcomeNote({ outcome, status, brief }: OutcomeNoteProps): ReactNode {
  switch (outcome.kind) {
    case 'checked':
      return (
        <Banner tone="ok" title="The library is up to date." actions={<Dismiss />}>
          {status.version !== null && `You work on version ${shortVersion(status.version)}.`}
        </Banner>
      );
    case 'update':
      return <UpdateNote summary={outcome.summary} from={outcome.from} brief={brief} />;
    case 'publish':
    case 'rollback':
      return (
        <>
          <SentNote summary={outcome.summary} back={outcome.kind === 'rollback'} url={status.url} />
          <FromTheTeam
            summary={withoutOld(outcome.summary.update, outcome.waiting)}
            from={outcome.from}
            brief={brief}
          />
        </>
      );
  }
}

interface TeamProps {
  readonly summary: UpdateSummary;
  /** The version before. */
  readonly from: string | null;
  readonly brief: boolean;
}

function UpdateNote({ summary, from, brief }: TeamProps): ReactNode {
  const { state, changed, conflicts, version } = summary;
  if (state === 'unchanged' && conflicts.length === 0) {
    return (
      <Banner tone="ok" title="The library is up to date." actions={<Dismiss />}>
        {`You work on version ${shortVersion(version)}.`}
      </Banner>
    );
  }
  return (
    <>
      <Banner
        tone={conflicts.length > 0 ? 'warn' : 'ok'}
        icon={conflicts.length > 0 ? 'conflict' : undefined}
        title={
          changed.length > 0
            ? `Updated to ${shortVersion(version)}: ${counted(changed.length, 'file')} changed.`
            : 'The library is up to date, but for what you edited.'
        }
        actions={
          <>
            <Dismiss />
            {conflicts.length > 0 && <Solve paths={conflicts} />}
          </>
        }
      >
        {kept(summary)}
      </Banner>
      <Lists summary={summary} from={from} brief={brief} />
    </>
  );
}

function kept({ merged, conflicts, state }: UpdateSummary): string {
  const said = [
    conflicts.length > 0 &&
      `${counted(conflicts.length, 'file')} that you edited ${conflicts.length === 1 ? 'was' : 'were'} left as ${conflicts.length === 1 ? 'it is' : 'they are'}: the team changed the same lines.`,
    merged.length > 0 &&
      `The team’s changes were merged into ${counted(merged.length, 'file')} that you edited; your text before is in the trash.`,
  ].filter(Boolean);
  if (said.length > 0) return said.join(' ');
  return state === 'kept-local-edits'
    ? 'What you edited is as you left it.'
    : 'No file that you edited was touched.';
}

/** Without the conflicts that were there before. */
function withoutOld(summary: UpdateSummary, waiting: readonly string[]): UpdateSummary {
  return { ...summary, conflicts: summary.conflicts.filter((path) => !waiting.includes(path)) };
}

/** What came on the way of a publication, where something did. */
function FromTheTeam({ summary, from, brief }: TeamProps): ReactNode {
  const { changed, merged, conflicts } = summary;
  if (changed.length + merged.length + conflicts.length === 0) return null;
  if (conflicts.length === 0) return <Lists summary={summary} from={from} brief={brief} />;
  return (
    <>
      <Banner
        tone="warn"
        icon="conflict"
        title="The team had changed the same lines meanwhile."
        actions={<Solve paths={conflicts} />}
      >
        {kept(summary)}
      </Banner>
      <Lists summary={summary} from={from} brief={brief} />
    </>
  );
}

function Lists({
  summary: { changed, merged, conflicts, version },
  from,
  brief,
}: TeamProps): ReactNode {
  if (brief) {
    return (
      <div>
        <Button size="small" kind="quiet" onClick={() => navigate(hrefFor('library'))}>
          See what changed
        </Button>
      </div>
    );
  }
  const diffOf =
    from === null
      ? undefined
      : (path: string): Promise<FileDiff> => call('library.diff', { path, from, to: version });
  return (
    <>
      {changed.length > 0 && <ChangeList name="What changed" changes={changed} diffOf={diffOf} />}
      {merged.length > 0 && <Paths name="Merged with what you edited" paths={merged} />}
      {conflicts.length > 0 && <Paths name="Waits for you" paths={conflicts} />}
    </>
  );
}

function Paths({
  name,
  paths,
}: {
  readonly name: string;
  readonly paths: readonly string[];
}): ReactNode {
  return (
    <div className="changes">
      <h3>{name}</h3>
      <ul aria-label={name}>
        {paths.map((path) => (
          <li key={path} className="change-row">
            <GoButton href={hrefFor('library', path)}>
              <VisibleText text={path} />
            </GoButton>
          </li>
        ))}
      </ul>
    </div>
  );
}

function SentNote({
  summary: { state, version, published, waitsFor },
  back,
  url,
}: {
  readonly summary: PublishSummary;
  readonly back: boolean;
  readonly url: string | null;
}): ReactNode {
  const what = back ? 'Rolled back' : 'Published';
  const files = counted(published.length, 'file');
  if (state === 'nothing' || state === 'held') {
    return (
      <Banner
        tone="ok"
        title={back ? 'Nothing differs from that version.' : 'There was nothing to publish.'}
        actions={<Dismiss />}
      />
    );
  }
  if (state === 'queued') {
    return (
      <>
        <Banner
          tone="warn"
          icon="waiting"
          title={`${what} here as ${shortVersion(version)}: ${files}. It waits for the remote.`}
          actions={<Dismiss />}
        >
          It is kept, and goes out by itself when the remote can be reached.
        </Banner>
        {waitsFor && (
          <RemoteError
            error={waitsFor}
            url={url}
            onRetry={() => {
              dismissOutcome();
              updateLibrary();
            }}
          />
        )}
      </>
    );
  }
  return (
    <Banner
      tone="ok"
      title={`${what} as ${shortVersion(version)}: ${files}.`}
      actions={<Dismiss />}
    >
      {url === null ? 'This library has no remote: it stays on this machine.' : 'The team has it.'}
    </Banner>
  );
}

function Solve({ paths }: { readonly paths: readonly string[] }): ReactNode {
  const [first] = paths;
  const only = paths.length === 1 && first !== undefined;
  return (
    <Button
      size="small"
      icon="conflict"
      onClick={() =>
        navigate(only ? hrefFor('library', first) : hrefFor('library', '', { view: 'conflicts' }))
      }
    >
      Solve
    </Button>
  );
}

function Dismiss(): ReactNode {
  return (
    <Button size="small" kind="quiet" onClick={dismissOutcome}>
      Dismiss
    </Button>
  );
}
