import { useEffect, useState, type ReactElement } from 'react';
import type { LibraryStatus } from '../../src-contract/library.ts';
import type { Output } from '../../src-contract/index.ts';
import { call } from '../bridge.ts';
import { hrefFor, navigate } from '../route.ts';
import { Icon } from '../ui/icon.tsx';
import { StateIcon } from '../ui/state.tsx';
import { Key } from '../ui/parts.tsx';
import { useDelayed } from '../ui/use-delayed.ts';
import { useReading, useWatch } from '../watch.ts';
import { isWorking, saysOf } from '../library-words.ts';
import { readLibraryStatus, useLibraryStatus } from '../library-status-state.ts';
import { AppMark } from './app-mark.tsx';
import { modifierKey } from './platform.ts';

/** Workspace, palette, state of the library. The system draws the window controls. */
export function TitleBar({ onPalette }: { readonly onPalette: () => void }) {
  const status = useLibraryStatus((state) => state.status);
  const info = useAppInfo();
  // The engine's own state is said in the banner below; here the last known words stay.
  useReading(() => void readLibraryStatus().catch(() => undefined), 'library');
  return (
    <header className="titlebar">
      <div>
        <span className="app-mark">
          <AppMark className="size-5" />
        </span>
        <strong className="cut px-2 ink-2">{info?.workspace.name ?? ''}</strong>
      </div>
      <div>
        <button
          type="button"
          className="omni"
          onClick={onPalette}
          aria-keyshortcuts="Control+K Meta+K"
        >
          <Icon name="search" />
          <span className="cut">Search or run a command</span>
          <Key>{`${modifierKey()} K`}</Key>
        </button>
      </div>
      <div className="end">
        {status && (
          // Not a link: "Library" in the rail is the one that is called so.
          <button
            type="button"
            className="library-state"
            onClick={() => navigate(hrefFor('library'))}
          >
            <LibraryWords status={status} />
          </button>
        )}
        {info && <span className="ink-3 small num pl-2">{info.version}</span>}
      </div>
    </header>
  );
}

function LibraryWords({ status }: { readonly status: LibraryStatus }): ReactElement {
  const late = useDelayed(isWorking(status.state));
  const { tone, icon, text } = saysOf(status, !late);
  return (
    <StateIcon small tone={tone} {...(icon ? { icon } : {})}>
      <span className="cut">{text}</span>
    </StateIcon>
  );
}

function useAppInfo(): Output<'app.info'> | null {
  const [info, setInfo] = useState<Output<'app.info'> | null>(null);
  const running = useWatch((state) => state.engine.kind === 'running');
  useEffect(() => {
    if (!running) return;
    // Without it the bar lacks two words; the next start of the engine asks again.
    call('app.info', {}).then(setInfo, () => undefined);
  }, [running]);
  return info;
}
