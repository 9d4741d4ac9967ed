import { useEffect, useRef, useState } from 'react';
import type { AppError } from '../../../../src-contract/app-error.ts';
import type { Input as CallInput } from '../../../../src-contract/index.ts';
import type { LibraryEvent, LibraryStatus } from '../../../../src-contract/library.ts';
import { asAppError, call, stream, type Streaming } from '../../../bridge.ts';
import { PHASE_WORDS, progressWords } from '../../../library-words.ts';
import { RemoteError } from '../../../remote/remote-error.tsx';
import { RadioCard } from '../../../ui/choice.tsx';
import { counted, shortVersion } from '../../../ui/format.ts';
import { Input } from '../../../ui/input.tsx';
import { ProgressRow } from '../../../ui/progress-row.tsx';
import { Badge } from '../../../ui/state.tsx';
import { finishStep, useFirstStart } from '../first-start-state.ts';
import { stepError, StepFrame } from './step-frame.tsx';

type Choice = 'starter' | 'remote' | 'empty';
type Progress = Extract<LibraryEvent, { type: 'progress' }>;

export function LibraryStep() {
  const [choice, setChoice] = useState<Choice>('starter');
  const [url, setUrl] = useState('');
  const [status, setStatus] = useState<LibraryStatus | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const open = useRef<Streaming | null>(null);
  const cancelled = useRef(false);

  useEffect(() => {
    call('library.status', {}).then(setStatus, (failure: unknown) => setError(asAppError(failure)));
    return () => open.current?.cancel();
  }, []);

  async function connect(source: CallInput<'library.connect'>['source']): Promise<void> {
    setError(null);
    setRunning(true);
    cancelled.current = false;
    let done: LibraryStatus | null = null;
    try {
      open.current = stream('library.connect', { source }, (event) => {
        if (event.type === 'progress') setProgress(event);
        else done = event.status;
      });
      await open.current.done;
      useFirstStart.setState({ hasGuide: source.kind === 'starter' });
      finishStep(words(done ?? (await call('library.status', {}))));
    } catch (failure) {
      if (!cancelled.current) setError(asAppError(failure));
    } finally {
      open.current = null;
      setRunning(false);
      setProgress(null);
    }
  }

  const connected = status !== null && status.version !== null ? status : null;

  function onGo(): void {
    if (connected) finishStep(words(connected));
    else if (choice === 'empty') finishStep('Empty for now');
    else
      void connect(
        choice === 'starter' ? { kind: 'starter' } : { kind: 'remote', url: url.trim() },
      );
  }

  return (
    <StepFrame
      title="Choose a library"
      lead="It holds the prompts, agents, skills and documents that you work with, with their history. A team shares one through its own Git remote."
      go={goWord(choice, Boolean(connected))}
      onGo={onGo}
      busy={running}
      done={connected !== null}
      blocked={
        !connected && choice === 'remote' && url.trim() === '' ? 'Enter an address to go on.' : null
      }
    >
      {connected ? (
        <div className="card plain-head mt-6">
          <strong>{connected.name}</strong>
          <p className="ink-2">{`This workspace has its library: ${words(connected)}.`}</p>
        </div>
      ) : (
        <div className="opts mt-6" role="radiogroup" aria-label="Library">
          <RadioCard
            group="library"
            title="The starter library"
            text="Prompts, agents, skills and a guide to Carrel. Comes with the program, works offline."
            badge={<Badge>On this machine</Badge>}
            checked={choice === 'starter'}
            disabled={running}
            onChoose={() => setChoice('starter')}
          />
          <RadioCard
            group="library"
            title="My team’s library"
            text="Carrel makes a copy of the Git repository here, and fetches what is new when you ask."
            checked={choice === 'remote'}
            disabled={running}
            onChoose={() => setChoice('remote')}
          >
            <Input
              label="Address of the repository"
              labelHidden
              type="text"
              spellCheck={false}
              placeholder="https://git.example.org/team/library.git"
              value={url}
              disabled={running}
              hint="An https or SSH address, a file:// address, or a path on this machine."
              onFocus={() => setChoice('remote')}
              onChange={(event) => setUrl(event.target.value)}
            />
          </RadioCard>
          <RadioCard
            group="library"
            title="Start empty"
            text="No library. You can open one later, in Library."
            checked={choice === 'empty'}
            disabled={running}
            onChoose={() => setChoice('empty')}
          />
        </div>
      )}
      <div className="mt-4 grid gap-2">
        {running && (
          <ProgressRow
            what={progress ? PHASE_WORDS[progress.phase] : 'Opening the library'}
            done={progress?.done ?? null}
            total={progress?.total ?? null}
            detail={progress && progressWords(progress.phase, progress.done, progress.total)}
            onCancel={() => {
              cancelled.current = true;
              open.current?.cancel();
            }}
          />
        )}
        {error && (
          <RemoteError error={stepError(error)} url={url.trim() || null} onRetry={onGo} stacked />
        )}
      </div>
    </StepFrame>
  );
}

function goWord(choice: Choice, connected: boolean): string {
  if (connected) return 'Go on';
  switch (choice) {
    case 'starter':
      return 'Open the starter library';
    case 'remote':
      return 'Clone and go on';
    case 'empty':
      return 'Start empty';
  }
}

function words({ name, items, version }: LibraryStatus): string {
  return [name, counted(items, 'item'), version && `version ${shortVersion(version)}`]
    .filter(Boolean)
    .join(', ');
}
