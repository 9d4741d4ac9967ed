import { useRef, useState } from 'react';
import { AppError } from '../../src-contract/app-error.ts';
import { asAppError, shell } from '../bridge.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { ErrorBanner } from '../ui/error-banner.tsx';
import { Icon } from '../ui/icon.tsx';
import { PathPicker } from './path-picker.tsx';
import { readChosen, readDrop, type Given } from './read-drop.ts';

/** Drop files or a folder here, or choose them. In a browser also: pick a path on the machine of the engine. */
export function DropArea({ onGiven }: { readonly onGiven: (given: Given) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [picking, setPicking] = useState(false);
  const [error, setError] = useState<AppError | null>(null);

  function give(given: Given): void {
    setError(null);
    const none = given.kind === 'paths' ? given.paths.length === 0 : given.files.length === 0;
    if (none) setError(EMPTY);
    else onGiven(given);
  }

  return (
    <div className="grid gap-3">
      <div
        className={cx('drop', over && 'over')}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          readDrop(event.dataTransfer).then(give, (failure: unknown) =>
            setError(asAppError(failure)),
          );
        }}
      >
        <Icon name="upload" size={20} />
        <strong>Drop files or a folder here</strong>
        <span className="ink-2">Markdown, text and source code. They stay on this machine.</span>
        <div className="mt-2 flex flex-wrap justify-center gap-2">
          <Button icon="folder" onClick={() => input.current?.click()}>
            Choose a folder
          </Button>
          {shell() === 'web' && (
            <Button kind="quiet" onClick={() => setPicking(true)}>
              Pick a path on this machine
            </Button>
          )}
        </div>
        <input
          ref={input}
          className="sr"
          type="file"
          tabIndex={-1}
          aria-label="Files of a folder"
          webkitdirectory=""
          onChange={(event) => {
            if (event.target.files) give(readChosen(event.target.files));
            event.target.value = '';
          }}
        />
      </div>
      {error && <ErrorBanner error={error} onDismiss={() => setError(null)} />}
      {picking && (
        <PathPicker
          onClose={() => setPicking(false)}
          onChoose={(path) => {
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
