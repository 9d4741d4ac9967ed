import { useEffect, useRef, useState, type ReactNode } from 'react';
import { call } from '../../../bridge.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { hrefFor, navigate } from '../../../route.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { bytes, longTime } from '../../../ui/format.ts';
import { Facts } from '../../../ui/parts.tsx';
import { Segment } from '../../../ui/segment.tsx';
import { openDialog } from '../dialogs-state.ts';
import { kindOfPath } from '../kinds.ts';
import { useLibrary, type Version } from '../library-state.ts';
import { useAsked } from '../use-asked.ts';
import { changeOf } from '../version-diff.ts';
import { ChangeList } from './change-list.tsx';
import { DiffView } from './diff-view.tsx';
import { ItemText } from './item-text.tsx';

interface VersionViewProps {
  readonly version: Version;
  readonly path: string | null;
  readonly isNewest: boolean;
  readonly here: string | null;
}

/** One version: who, when, what it changed, and the way back to it. */
export function VersionView({ version, path, isNewest, here }: VersionViewProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  const { version: id, message, author, at, state } = version;
  // The list is gone with what had the focus.
  useEffect(() => heading.current?.focus(), []);
  const current = path === null ? id === here : isNewest;
  return (
    <div className="item wide-item">
      <div className="item-bar">
        <Button
          size="small"
          kind="quiet"
          icon="left"
          onClick={() => navigate(hrefFor('library', path ?? '', { view: 'history' }))}
        >
          All versions
        </Button>
        <span className="ml-auto" />
        {current ? (
          <span className="ink-3 small">
            {path === null ? 'This is where you are.' : 'This is its newest version.'}
          </span>
        ) : (
          <Button
            size="small"
            icon="history"
            onClick={() => openDialog({ kind: 'rollback', version, path })}
          >
            Roll back to this version
          </Button>
        )}
      </div>
      <div className="version-head">
        <h2 ref={heading} tabIndex={-1}>
          <VisibleText text={message} />
        </h2>
        <Facts
          rows={[
            ['By', <VisibleText key="by" text={author} />],
            ['At', longTime(at)],
            ['Version', <code key="id">{id}</code>],
            ['Sent', state === 'queued' ? 'not yet: it waits for the remote' : null],
          ]}
        />
      </div>
      {path === null ? <Changed id={id} /> : <OneFile key={id} id={id} path={path} />}
    </div>
  );
}

function Changed({ id }: { readonly id: string }): ReactNode {
  const { value, error, read } = useAsked(id, () => call('library.show', { version: id }));
  if (error) return <ErrorBanner error={error} on={{ retry: read }} />;
  return (
    value && (
      <ChangeList
        name="What it changed"
        changes={value.changed}
        diffOf={(path) => changeOf(path, id)}
      />
    )
  );
}

function OneFile({ id, path }: { readonly id: string; readonly path: string }): ReactNode {
  const [show, setShow] = useState<'changes' | 'whole'>('changes');
  return (
    <section aria-label="This version">
      <div className="item-bar">
        <h2>{show === 'changes' ? 'What it changed' : 'The item in this version'}</h2>
        <Segment
          name="Show"
          value={show}
          onChange={setShow}
          options={[
            { value: 'changes', label: 'Changes' },
            { value: 'whole', label: 'Whole item' },
          ]}
        />
      </div>
      {show === 'changes' ? <Change id={id} path={path} /> : <Whole id={id} path={path} />}
    </section>
  );
}

function Change({ id, path }: { readonly id: string; readonly path: string }): ReactNode {
  const { value, error, read } = useAsked(`${id} ${path}`, () => changeOf(path, id));
  if (error) return <ErrorBanner error={error} on={{ retry: read }} />;
  return value && <DiffView diff={value} name="Changes of this version" />;
}

function Whole({ id, path }: { readonly id: string; readonly path: string }): ReactNode {
  const items = useLibrary((state) => state.items);
  const { value, error, read } = useAsked(`${id} ${path}`, () =>
    call('library.at', { version: id, path }),
  );
  if (error) return <ErrorBanner error={error} on={{ retry: read }} />;
  if (!value) return null;
  if (value.source === null)
    return <p className="diff-words">{`Not a text: ${bytes(value.size)}.`}</p>;
  return (
    <div className="item-inside">
      <ItemText path={path} kind={kindOfPath(items, path)} parsed={value} />
    </div>
  );
}
