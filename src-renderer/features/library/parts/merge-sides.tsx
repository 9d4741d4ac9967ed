import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { ConflictDetail, MergeChunk } from '../../../../src-contract/library.ts';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/cx.ts';
import { bytes, counted } from '../../../ui/format.ts';
import { TextArea } from '../../../ui/input.tsx';
import { Segment } from '../../../ui/segment.tsx';
import { StateIcon } from '../../../ui/state.tsx';
import type { Choice, Solving } from '../kept-state.ts';
import { chosenText } from '../merge-result.ts';
import { linesOf } from '../line-diff.ts';
import { DiffLine } from './diff-view.tsx';

/** Lines that both agree on, shown around a difference. */
const CONTEXT = 2;
/** Fewer lines than these are shown: to fold them would take as much room. */
const FOLD_FROM = 4;

type Difference = Extract<MergeChunk, { kind: 'conflict' }>;

interface MergeSidesProps {
  readonly conflict: ConflictDetail;
  readonly choices: Solving['choices'];
  readonly onChoose: (n: number, choice: Choice) => void;
}

/** Yours at the left, the team's at the right; each difference has its own bar to choose in. */
export function MergeSides({ conflict, choices, onChoose }: MergeSidesProps): ReactNode {
  const { chunks, mine, theirs } = conflict;
  const numbers = numbersOf(chunks);
  return (
    <div className="sides">
      <div className="two-col">
        <div className="side-head">
          <strong>Yours</strong>
          <span className="ink-3">{mine && bytes(mine.size)}</span>
        </div>
        <div className="side-head">
          <strong>Team</strong>
          <span className="ink-3">{theirs && bytes(theirs.size)}</span>
        </div>
      </div>
      {chunks.map((chunk, i) => {
        if (chunk.kind === 'merged') {
          return (
            // Pieces have no name but their place.
            // oxlint-disable-next-line react/no-array-index-key
            <Agreed key={i} text={chunk.text} first={i === 0} last={i === chunks.length - 1} />
          );
        }
        const at = numbers[i] ?? 0;
        return (
          <DifferenceBar
            key={`difference-${at}`}
            n={at}
            difference={chunk}
            choice={choices[at]}
            onChoose={(choice) => onChoose(at, choice)}
          />
        );
      })}
    </div>
  );
}

/** For each piece which difference it is, from 0. */
function numbersOf(chunks: readonly MergeChunk[]): readonly number[] {
  let differences = 0;
  return chunks.map((chunk) => (chunk.kind === 'conflict' ? differences++ : differences));
}

/** What both agree on: the lines next to a difference, and how many lie between. */
function Agreed({
  text,
  first,
  last,
}: {
  readonly text: string;
  readonly first: boolean;
  readonly last: boolean;
}): ReactNode {
  const lines = linesOf(text);
  const short = lines.length < FOLD_FROM + 2 * CONTEXT;
  const head = short ? lines : first ? [] : lines.slice(0, CONTEXT);
  const rest = lines.slice(head.length);
  const tail = last ? [] : rest.slice(-CONTEXT);
  const between = rest.length - tail.length;
  if (lines.length === 0) return null;
  const both = (shown: readonly string[]): ReactNode => (
    <div className="diff two-col" aria-hidden>
      <Lines op="same" lines={shown} />
      <Lines op="same" lines={shown} />
    </div>
  );
  return (
    <>
      {head.length > 0 && both(head)}
      {between > 0 && <p className="agreed">{`${counted(between, 'line')} the same`}</p>}
      {tail.length > 0 && both(tail)}
    </>
  );
}

function Lines({
  op,
  lines,
}: {
  readonly op: 'same' | 'added' | 'removed';
  readonly lines: readonly string[];
}): ReactNode {
  return (
    <div className="pane">
      {lines.map((text, i) => (
        // oxlint-disable-next-line react/no-array-index-key
        <DiffLine key={i} op={op} text={text} />
      ))}
    </div>
  );
}

const SAID = {
  mine: 'yours',
  theirs: 'the team’s',
  both: 'both, the team’s first',
} as const;

function DifferenceBar({
  n,
  difference,
  choice,
  onChoose,
}: {
  readonly n: number;
  readonly difference: Difference;
  readonly choice: Choice | undefined;
  readonly onChoose: (choice: Choice) => void;
}): ReactNode {
  const [writing, setWriting] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (writing) box.current?.focus();
  }, [writing]);
  const written = typeof choice === 'object';
  const said = choice === undefined ? 'choose' : written ? 'as you wrote it' : SAID[choice];
  return (
    <section
      className={cx('hunk', choice === undefined && 'open')}
      aria-label={`Difference ${n + 1}`}
    >
      <div className="hunk-bar">
        <StateIcon tone={choice === undefined ? 'warn' : 'ok'}>
          <strong>{`Difference ${n + 1}: ${said}`}</strong>
        </StateIcon>
        <span className="end">
          <Segment
            name={`Difference ${n + 1}`}
            value={written ? '' : (choice ?? '')}
            onChange={(value) => {
              setWriting(false);
              if (value !== '') onChoose(value);
            }}
            options={[
              { value: 'mine', label: 'Yours' },
              { value: 'theirs', label: 'Team’s' },
              { value: 'both', label: 'Both' },
            ]}
          />
          <Button
            size="small"
            icon="edit"
            pressed={written}
            onClick={() => {
              if (!written) onChoose({ text: chosenText(difference, choice ?? 'both') ?? '' });
              setWriting(!writing);
            }}
          >
            Write it
          </Button>
        </span>
      </div>
      <div className="diff two-col">
        <Side base={difference.base} text={difference.mine} dropped={choice === 'theirs'} />
        <Side base={difference.base} text={difference.theirs} dropped={choice === 'mine'} />
      </div>
      {written && writing && (
        <div className="hunk-write">
          <TextArea
            ref={box}
            label={`Text for difference ${n + 1}`}
            labelHidden
            className="code"
            rows={Math.min(12, linesOf(choice.text).length + 1)}
            spellCheck={false}
            value={choice.text}
            onChange={(event) => onChoose({ text: event.target.value })}
          />
        </div>
      )}
    </section>
  );
}

function Side({
  base,
  text,
  dropped,
}: {
  readonly base: string;
  readonly text: string;
  readonly dropped: boolean;
}): ReactNode {
  const same = base === text;
  return (
    <div className={cx('pane', dropped && 'dropped')}>
      {!same &&
        linesOf(base).map((line, i) => (
          // oxlint-disable-next-line react/no-array-index-key
          <DiffLine key={`old-${i}`} op="removed" text={line} />
        ))}
      {linesOf(text).map((line, i) => (
        // oxlint-disable-next-line react/no-array-index-key
        <DiffLine key={`new-${i}`} op={same ? 'same' : 'added'} text={line} />
      ))}
    </div>
  );
}
