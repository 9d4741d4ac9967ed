import type { ReactNode } from 'react';
import type { Citation } from '../../../../src-contract/common.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { cx } from '../../../ui/cx.ts';
import { Tooltip } from '../../../ui/tooltip.tsx';
import { fileName, placeOf } from '../labels.ts';
import { useIsFirstChip } from '../named-chips.ts';

/** What a peek shows of a passage, in characters: five or six lines. */
const PEEK_CHARS = 280;

interface CiteChipProps {
  readonly citation: Citation;
  readonly on: boolean;
  readonly onOpen: () => void;
  /** The pointer or the focus is on it: its note in the margin lifts. */
  readonly onPoint: (pointed: boolean) => void;
}

/** Number of a source: hover and focus peek at the passage, a press opens it at its line. */
export function CiteChip({ citation, on, onOpen, onPoint }: CiteChipProps): ReactNode {
  const first = useIsFirstChip(citation.n);
  return (
    <Tooltip text={<Peek citation={citation} />} side="top">
      <button
        type="button"
        className={cx('cite', on && 'on')}
        aria-label={
          first
            ? `Source ${citation.n}: ${citation.path}`
            : `${citation.n} again: ${fileName(citation.path)}`
        }
        aria-haspopup="dialog"
        onClick={onOpen}
        onMouseEnter={() => onPoint(true)}
        onMouseLeave={() => onPoint(false)}
        onFocus={() => onPoint(true)}
        onBlur={() => onPoint(false)}
      >
        {citation.n}
      </button>
    </Tooltip>
  );
}

function Peek({ citation }: { readonly citation: Citation }): ReactNode {
  return (
    <span className="cite-peek">
      <strong>
        {fileName(citation.path)}, {placeOf(citation)}
      </strong>
      <span>
        <VisibleText text={excerpt(citation.text, PEEK_CHARS)} />
      </span>
    </span>
  );
}

/** The beginning of a text in one line without the marks of headings, lists and code, cut at a word. */
export function excerpt(text: string, max: number): string {
  const line = text
    .replaceAll(/^#{1,6} +(.*?)[.:]?$/gmu, (_, heading: string) =>
      /[?!]$/u.test(heading) ? heading : `${heading}.`,
    )
    .replaceAll(/^[-*>] +/gmu, '')
    .replaceAll(/`|\*\*/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  if (line.length <= max) return line;
  const cut = line.slice(0, max);
  const space = cut.lastIndexOf(' ');
  return `${cut.slice(0, space > max / 2 ? space : max).replace(/[.,;:]+$/u, '')}…`;
}
