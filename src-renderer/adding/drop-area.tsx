import { useRef, useState } from 'react';
import { AppError } from '../../src-contract/app-error.ts';
import { asAppError, shell } from '../bridge.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { ErrorBanner } from '../ui/error-banner.tsx';
import { Icon } from '../ui/icon.tsx';
import { PathPicker } from './path-picker.tsx';
import { readChosen, readDrop, wordsOf, type Given } from './read-drop.ts';

interface DropAreaProps {
  /** What was given until now: its words replace the invitation. */
  readonly given: Given | null;
  readonly onGiven: (given: Given) => void;
}

/** Drop files or a folder here, or choose them; in a browser also by their path on the machine of the engine. */
export function DropArea({ given, onGiven }: DropAreaProps) {
  const [over, setOver] = useState(false);
  const [picking, setPicking] = useState(false);
  const [error, setError] = useState<AppError | null>(null);

  function give(next: Given): void {
    const none = next.kind === 'paths' ? next.paths.length === 0 : next.files.length === 0;
    setError(none ? EMPTY : null);
    if (!none) onGiven(next);
  }

  return (
    <div className="grid gap-3">
      <div
        className={cx('drop', over && 'over')}
        onDragOver={(event) => {
          event.preventDefault();
          event.stopPropagation();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          event.stopPropagation();
          setOver(false);
          readDrop(event.dataTransfer).then(give, (failure: unknown) =>
            setError(asAppError(failure)),
          );
        }}
      >
        <Icon name={given ? 'tick' : 'upload'} size={20} />
        <strong role="status" className="max-w-full [overflow-wrap:anywhere]">
          {given ? wordsOf(given) : 'Drop files or a folder here'}
        </strong>
        <span className="ink-2">Markdown, text and source code. They stay on this machine.</span>
        <div className="relative mt-2 flex flex-wrap justify-center gap-2">
          <Chooser kind="files" onChosen={(files) => give(readChosen(files))} />
          <Chooser kind="folder" onChosen={(files) => give(readChosen(files))} />
          {shell() === 'web' && (
            <Button
              size="small"
              kind="quiet"
              aria-expanded={picking}
              onClick={() => setPicking(!picking)}
            >
              Choose a path on the machine that runs Carrel
            </Button>
          )}
        </div>
      </div>
      {error && <ErrorBanner error={error} onDismiss={() => setError(null)} />}
      {picking && (
        <PathPicker
          onPick={(path) => {
            setPicking(false);
            give({ kind: 'paths', paths: [path] });
          }}
        />
      )}
    </div>
  );
}

const EMPTY = new AppError('knowledge/nothing-given', 'Nothing that can be added was in it.', {
  remedy: 'Choose a folder with Markdown, text or source code.',
});

/** A button over the system's own chooser. The input stays in the page, named, for whoever reads or drives it. */
function Chooser({
  kind,
  onChosen,
}: {
  readonly kind: 'files' | 'folder';
  readonly onChosen: (files: FileList) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        className="sr"
        type="file"
        tabIndex={-1}
        aria-label={kind === 'files' ? 'Files to add' : 'Folder to add'}
        {...(kind === 'files' ? { multiple: true } : { webkitdirectory: '' as const })}
        onChange={(event) => {
          if (event.target.files) onChosen(event.target.files);
          event.target.value = '';
        }}
      />
      <Button
        size="small"
        icon={kind === 'files' ? 'file' : 'folder'}
        onClick={() => input.current?.click()}
      >
        {kind === 'files' ? 'Choose files' : 'Choose a folder'}
      </Button>
    </>
  );
}
