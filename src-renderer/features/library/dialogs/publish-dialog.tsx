import { useId, useRef, useState, type ReactNode } from 'react';
import type { Output } from '../../../../src-contract/index.ts';
import type { LibraryStatus } from '../../../../src-contract/library.ts';
import { MAX_LIBRARY_MESSAGE_CHARS } from '../../../../src-contract/limits.ts';
import { call } from '../../../bridge.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { Banner } from '../../../ui/banner.tsx';
import { Button } from '../../../ui/button.tsx';
import { Check } from '../../../ui/choice.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { count, counted } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import { TextArea } from '../../../ui/input.tsx';
import { ProgressRow } from '../../../ui/progress-row.tsx';
import { useDelayed } from '../../../ui/use-delayed.ts';
import { publishLibrary } from '../activity-state.ts';
import { SIGNS } from '../item-words.ts';
import { useKept } from '../kept-state.ts';
import { useAsked } from '../use-asked.ts';

type Preview = Output<'library.preview'>;

interface PublishDialogProps {
  readonly status: LibraryStatus;
  readonly onClose: () => void;
}

/** Shows what will go, asks what it is about, and sends it. */
export function PublishDialog({ status, onClose }: PublishDialogProps): ReactNode {
  const form = useId();
  const first = useRef<HTMLTextAreaElement>(null);
  const { value, error, read } = useAsked('', () => call('library.preview', {}));
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [message, setMessage] = useState('');
  const [agreed, setAgreed] = useState(false);
  const late = useDelayed(value === null && error === null);
  const held =
    status.state.kind === 'held' && status.state.direction === 'publish' ? status.state : null;

  const can = value?.changes.filter(({ blocked }) => blocked === null) ?? [];
  const going = can.filter(({ path }) => !left.has(path));
  const missing = whyNot(value, going.length, message, held !== null && !agreed);

  function publish(): void {
    onClose();
    publishLibrary(
      {
        message: message.trim(),
        paths: going.length === can.length ? null : going.map(({ path }) => path),
      },
      held !== null,
    );
  }

  return (
    <Dialog
      title={status.url === null ? 'Make a version of your changes' : 'Publish to the team'}
      description={
        status.url === null
          ? 'The library has no remote: the version is kept on this machine.'
          : 'One version is made of what is ticked, and sent. What the team changed meanwhile is merged first.'
      }
      className="wide"
      onClose={onClose}
      initialFocus={first}
      footer={
        <>
          {missing !== null && <span className="ink-3 small mr-auto">{missing}</span>}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={form} disabled={missing !== null}>
            {`Publish ${counted(going.length, 'file')}`}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (missing === null) publish();
        }}
      >
        <TextArea
          ref={first}
          label="What you changed, and why"
          hint="The first line is what the team sees in the history."
          rows={3}
          maxLength={MAX_LIBRARY_MESSAGE_CHARS}
          value={message}
          onChange={(event) => setMessage(event.target.value)}
        />
        {held && (
          <Check
            label={`Delete ${count(held.deletions)} of ${counted(held.files, 'file')} for everyone`}
            checked={agreed}
            onChange={setAgreed}
          />
        )}
        <Unsaved />
        {late && <ProgressRow what="Looking at what changed" />}
        {error && <ErrorBanner error={error} on={{ retry: read }} stacked />}
        {value && <Going preview={value} left={left} onLeft={setLeft} />}
      </form>
    </Dialog>
  );
}

/** Why the primary button is off; null when it is not. */
function whyNot(
  preview: Preview | null,
  going: number,
  message: string,
  asks: boolean,
): string | null {
  if (!preview) return 'Looking at what changed.';
  if (preview.changes.length === 0) return 'Nothing changed here.';
  if (going === 0) return 'Tick what should go.';
  if (message.trim() === '') return 'Say what you changed.';
  return asks ? 'Tick that it may delete.' : null;
}

/** Text that is not saved can't go: it is in no file yet. */
function Unsaved(): ReactNode {
  const unsaved = useKept((state) => Object.keys(state.drafts).length);
  if (unsaved === 0) return null;
  return (
    <Banner
      tone="warn"
      icon="edit"
      title={`${counted(unsaved, 'item has', 'items have')} text that is not saved.`}
    >
      Only what is saved can go.
    </Banner>
  );
}

function blockedLast(a: Preview['changes'][number], b: Preview['changes'][number]): number {
  return Number(a.blocked !== null) - Number(b.blocked !== null);
}

function Going({
  preview: { changes, queued },
  left,
  onLeft,
}: {
  readonly preview: Preview;
  readonly left: ReadonlySet<string>;
  readonly onLeft: (left: ReadonlySet<string>) => void;
}): ReactNode {
  const tick = (path: string, on: boolean): void => {
    const next = new Set(left);
    if (on) next.delete(path);
    else next.add(path);
    onLeft(next);
  };
  return (
    <>
      {changes.length > 0 && (
        <ul className="going" aria-label="What will go">
          {[...changes].sort(blockedLast).map(({ path, change, blocked }) => (
            <li key={path}>
              {blocked === null ? (
                <Check
                  className="going-check"
                  checked={!left.has(path)}
                  onChange={(on) => tick(path, on)}
                  label={
                    <>
                      <span className={`sign ${change}`} aria-hidden>
                        {SIGNS[change]}
                      </span>
                      <span className="path">
                        <VisibleText text={path} />
                      </span>
                      <span className="ink-3 small">{change}</span>
                    </>
                  }
                />
              ) : (
                <span className="going-blocked">
                  <Icon name="warn" className="warn" />
                  <span>
                    <span className="path">
                      <VisibleText text={path} />
                    </span>
                    <span className="ink-2 small block">
                      <VisibleText text={`Does not go: ${blocked}`} />
                    </span>
                  </span>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {queued.length > 0 && (
        <p className="ink-2 small">
          {`${counted(queued.length, 'version waits', 'versions wait')} already and ${queued.length === 1 ? 'goes' : 'go'} with it.`}
        </p>
      )}
    </>
  );
}
