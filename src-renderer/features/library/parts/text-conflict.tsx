import { useState, type ReactNode } from 'react';
import type { ErrorShape } from '../../../../src-contract/app-error.ts';
import type { ConflictDetail } from '../../../../src-contract/library.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { counted } from '../../../ui/format.ts';
import { StateIcon } from '../../../ui/state.tsx';
import { setSolving, useKept, type Choice, type Solving } from '../kept-state.ts';
import { toLf, withEndsOf } from '../line-ends.ts';
import { mergedText, sidesOf, textToEdit } from '../merge-result.ts';
import { solveConflict } from '../solve-conflict.ts';
import { MergeSides } from './merge-sides.tsx';
import { ResultSoFar } from './result-so-far.tsx';
import { SourceBox } from './source-box.tsx';

/** Both texts side by side, a choice for each difference, and the result, which can be written in. Choices are kept until it is solved. */
export function TextConflict({ conflict }: { readonly conflict: ConflictDetail }): ReactNode {
  const { path, chunks } = conflict;
  const sides = sidesOf(conflict);
  const kept = useKept((state) => state.solving[path]);
  const solving: Solving = kept?.sides === sides ? kept : { sides, choices: {}, free: null };
  const { choices, free } = solving;
  const [last, setLast] = useState<readonly Solving[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorShape | null>(null);

  const differences = chunks.filter((chunk) => chunk.kind === 'conflict').length;
  const open = Array.from({ length: differences }, (_, n) => n).filter(
    (n) => choices[n] === undefined,
  );
  const result = free ?? mergedText(chunks, choices);
  const isWritten =
    free !== null || Object.values(choices).some((each) => typeof each === 'object');

  function change(next: Partial<Solving>): void {
    setLast((before) => [...before, solving]);
    setSolving(path, { ...solving, ...next });
  }
  function choose(n: number, choice: Choice): void {
    const next = { choices: { ...choices, [n]: choice } };
    // While something is written, a key is no step of its own.
    if (typeof choice === 'object' && typeof choices[n] === 'object')
      setSolving(path, { ...solving, ...next });
    else change(next);
  }
  function undo(): void {
    const before = last.at(-1);
    if (!before) return;
    setLast(last.slice(0, -1));
    setSolving(path, before);
  }
  async function solve(): Promise<void> {
    if (result === null) return;
    setBusy(true);
    setError(
      await solveConflict(path, {
        kind: 'text',
        text: isWritten ? withEndsOf(conflict.mineText ?? '', toLf(result)) : result,
      }),
    );
    setBusy(false);
  }

  return (
    <>
      <div className="solve">
        <div className="solve-head">
          <h2>You and the team changed the same lines</h2>
          <span className="ink-3 small">
            Your text goes to the trash, the team’s stays in the history, whatever you choose.
          </span>
        </div>
        {error && <ErrorBanner error={error} on={{ retry: () => void solve() }} />}
        {free === null && <MergeSides conflict={conflict} choices={choices} onChoose={choose} />}
        <div className="solve-head">
          <h2>{free === null ? 'Result so far' : 'Result'}</h2>
          <span className="ink-3 small">This is what will be saved.</span>
          <span className="ml-auto" />
          {free === null ? (
            <Button
              size="small"
              icon="edit"
              onClick={() => change({ free: toLf(textToEdit(chunks, choices)) })}
            >
              Write in it
            </Button>
          ) : (
            <Button size="small" icon="undo" onClick={() => change({ free: null })}>
              Back to the choices
            </Button>
          )}
        </div>
        {free === null ? (
          <ResultSoFar chunks={chunks} choices={choices} />
        ) : (
          <div className="solve-write">
            <SourceBox
              label="Result"
              value={free}
              // Each key is no step of its own: the box has its own undo.
              onText={(text) => setSolving(path, { ...solving, free: text })}
            />
          </div>
        )}
      </div>
      <div className="view-foot">
        {result === null ? (
          <StateIcon tone="warn">{`${open.length} of ${counted(differences, 'difference')} left`}</StateIcon>
        ) : (
          <StateIcon tone="ok">
            {free === null ? 'Every difference has a choice' : 'As you wrote it'}
          </StateIcon>
        )}
        <div className="end">
          {result === null && (
            <span className="ink-3 small only-wide">{`Choose for difference ${(open[0] ?? 0) + 1} to save.`}</span>
          )}
          {last.length > 0 && (
            <Button kind="quiet" icon="undo" onClick={undo}>
              Undo choice
            </Button>
          )}
          <Button
            kind="primary"
            busy={busy}
            disabled={result === null}
            onClick={() => void solve()}
          >
            Save and mark solved
          </Button>
        </div>
      </div>
    </>
  );
}
