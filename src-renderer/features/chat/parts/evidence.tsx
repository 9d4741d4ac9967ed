import { useId, type ReactNode } from 'react';
import type { Used } from '../../../../src-contract/chat.ts';
import type { Citation } from '../../../../src-contract/common.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { cx } from '../../../ui/cx.ts';
import { counted } from '../../../ui/format.ts';
import { useMedia } from '../use-media.ts';
import { fileName, placeOf } from '../labels.ts';
import { useIsCited } from '../named-chips.ts';
import { excerpt } from './cite-chip.tsx';
import { UsedFacts } from './used-facts.tsx';

/** What a note shows of its passage, in characters: two or three lines of the margin. */
const NOTE_CHARS = 120;

interface EvidenceProps {
  readonly citations: readonly Citation[];
  readonly used: Used | null;
  /** Number of the source under the pointer or open. */
  readonly on: number | null;
  readonly onOpen: (citation: Citation) => void;
}

/** The margin beside an answer: its passages as notes, what was used beneath. Folds under the answer in a narrow window. */
export function Evidence(props: EvidenceProps): ReactNode {
  const folded = useMedia('(max-width: 1099px)');
  const { citations, used } = props;
  if (citations.length === 0 && !used) return null;
  const notes = (
    <>
      {citations.map((citation) => (
        <Note
          key={citation.n}
          citation={citation}
          on={citation.n === props.on}
          onOpen={props.onOpen}
        />
      ))}
      {used && <UsedFacts used={used} />}
    </>
  );
  if (!folded) {
    return (
      <aside className="margin" aria-label="Sources and what was used">
        {notes}
      </aside>
    );
  }
  const what = [
    ...(citations.length > 0 ? [counted(citations.length, 'source')] : []),
    ...(used ? ['what was used'] : []),
  ].join(' and ');
  return (
    <details className="margin folded">
      <summary>{what.charAt(0).toUpperCase() + what.slice(1)}</summary>
      {notes}
    </details>
  );
}

function Note({
  citation,
  on,
  onOpen,
}: {
  readonly citation: Citation;
  readonly on: boolean;
  readonly onOpen: (citation: Citation) => void;
}): ReactNode {
  const quoteId = useId();
  const cited = useIsCited(citation.n);
  const place = `${fileName(citation.path)}, ${placeOf(citation)}`;
  // The whole note presses its button. The words stand beside it: a name has to hold what its button shows.
  return (
    <div className={cx('note', on && 'on')}>
      <button
        type="button"
        className={cx('cite', on && 'on')}
        aria-label={
          cited ? `Note ${citation.n}: ${place}` : `Source ${citation.n}: ${citation.path}`
        }
        aria-describedby={quoteId}
        aria-haspopup="dialog"
        onClick={() => onOpen(citation)}
      >
        {citation.n}
      </button>
      <div className="min-w-0">
        <span className="src">
          <strong className="cut" title={citation.path}>
            {fileName(citation.path)}
          </strong>
          <span className="ink-3 flex-none">{placeOf(citation)}</span>
        </span>
        <span className="quote" id={quoteId}>
          <VisibleText text={excerpt(citation.text, NOTE_CHARS)} />
        </span>
      </div>
    </div>
  );
}
