import type { ReactNode } from 'react';
import type { MergeChunk } from '../../../../src-contract/library.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { cx } from '../../../ui/cx.ts';
import type { Solving } from '../kept-state.ts';
import { resultLines } from '../merge-result.ts';

const FROM = { mine: 'yours', theirs: 'team’s', written: 'written', open: 'open' } as const;
/** Lines drawn: more is no reading. */
const MOST_LINES = 3_000;

/** The text as the choices make it, with whose each line is. */
export function ResultSoFar({
  chunks,
  choices,
}: {
  readonly chunks: readonly MergeChunk[];
  readonly choices: Solving['choices'];
}): ReactNode {
  return (
    <section className="result" aria-label="Result so far">
      <div className="diff">
        {resultLines(chunks, choices)
          .slice(0, MOST_LINES)
          .map(({ from, text }, i) => (
            // Lines have no name but their place.
            // oxlint-disable-next-line react/no-array-index-key
            <div key={i} className={cx('d', from === 'open' && 'gap')}>
              <span>{i + 1}</span>
              <span>{from && FROM[from]}</span>
              <span>
                <VisibleText text={text} />
              </span>
            </div>
          ))}
      </div>
    </section>
  );
}
