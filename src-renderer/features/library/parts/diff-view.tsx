import { Fragment, type ReactNode } from 'react';
import type { FileDiff, Hunk } from '../../../../src-contract/library.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { bytes, count } from '../../../ui/format.ts';

/** Lines drawn of one diff: more is no reading. */
const MOST_LINES = 3_000;

const SIGN = { same: '', added: '+', removed: '−' } as const;
const SPOKEN = { same: '', added: 'added: ', removed: 'removed: ' } as const;
const TINT = { same: 'd', added: 'd a', removed: 'd r' } as const;

/** Number, sign, text, one line below the other. Removed lines have their old number, all others the new one. */
export function DiffView({
  diff,
  name,
}: {
  readonly diff: FileDiff;
  readonly name: string;
}): ReactNode {
  const words = wordsFor(diff);
  if (words !== null) return <p className="diff-words">{words}</p>;
  const rows = diff.hunks.reduce((sum, { lines }) => sum + lines.length, 0);
  return (
    <section className="diff sheet-box" aria-label={name}>
      {diff.hunks.map((hunk, i) => (
        <Fragment key={hunk.newStart}>
          {i > 0 && <div className="diff-gap" aria-hidden />}
          <HunkLines hunk={hunk} />
        </Fragment>
      ))}
      {rows > MOST_LINES && (
        <p className="diff-words">{`${count(rows - MOST_LINES)} more lines are not shown.`}</p>
      )}
    </section>
  );
}

function HunkLines({ hunk }: { readonly hunk: Hunk }): ReactNode {
  let old = hunk.oldStart;
  let now = hunk.newStart;
  return hunk.lines.slice(0, MOST_LINES).map(({ op, text }, i) => {
    const number = op === 'removed' ? old : now;
    if (op !== 'added') old += 1;
    if (op !== 'removed') now += 1;
    return (
      // Lines have no name but their place.
      // oxlint-disable-next-line react/no-array-index-key
      <DiffLine key={i} op={op} number={number} text={text} />
    );
  });
}

/** One line of a diff; without a number where that would be a guess. */
export function DiffLine({
  op,
  number,
  text,
}: {
  readonly op: 'same' | 'added' | 'removed';
  readonly number?: number;
  readonly text: string;
}): ReactNode {
  return (
    <div className={TINT[op]}>
      {number !== undefined && <span>{number}</span>}
      <span>
        <span aria-hidden>{SIGN[op]}</span>
        {op !== 'same' && <span className="sr">{SPOKEN[op]}</span>}
      </span>
      <span>
        <VisibleText text={text} />
      </span>
    </div>
  );
}

/** Where there are no lines to show: why. */
function wordsFor({ kind, change, hunks, lineEnds, oldSize, newSize }: FileDiff): string | null {
  if (change === 'same') return 'Nothing differs.';
  if (lineEnds) return 'Only the line ends differ.';
  const sizes =
    change === 'added'
      ? bytes(newSize)
      : change === 'deleted'
        ? `${bytes(oldSize)} before`
        : `${bytes(oldSize)} before, ${bytes(newSize)} now`;
  if (kind === 'binary') return `Not a text: ${sizes}.`;
  if (kind === 'too-large') return `Too large to compare: ${sizes}.`;
  return hunks.length === 0 ? `An empty file: ${sizes}.` : null;
}
