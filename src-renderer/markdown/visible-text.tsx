import { Fragment, type ReactNode } from 'react';
import { CitationMark } from './citation-mark.tsx';

/**
 * Characters that turn the direction of the text around them: a way to show one thing and copy
 * another. They are shown as their code instead of being obeyed.
 */
const TURNING = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
/** A direction character, or a citation: `[1]`, `[2, 3]`. At most three digits: no answer has a thousand sources. */
const PIECES = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]|\[\d{1,3}(?:, ?\d{1,3}){0,9}\]/gu;

/** Plain text with direction characters made visible; for code, names, passages, whatever others wrote. */
export function VisibleText({ text }: { readonly text: string }): ReactNode {
  return TURNING.test(text) ? <Pieces text={text} citations={false} /> : text;
}

/** As VisibleText, with citations as chips where the context knows them. */
export function CitedText({ text }: { readonly text: string }): ReactNode {
  return text.includes('[') || TURNING.test(text) ? <Pieces text={text} citations /> : text;
}

function Pieces({
  text,
  citations,
}: {
  readonly text: string;
  readonly citations: boolean;
}): ReactNode {
  const nodes: ReactNode[] = [];
  let from = 0;
  for (const found of text.matchAll(PIECES)) {
    const piece = found[0];
    const isCitation = piece.startsWith('[');
    if (isCitation && !citations) continue;
    if (found.index > from) nodes.push(text.slice(from, found.index));
    nodes.push(
      isCitation ? (
        <CitationMark key={found.index} source={piece} />
      ) : (
        <TurningMark key={found.index} char={piece} />
      ),
    );
    from = found.index + piece.length;
  }
  nodes.push(text.slice(from));
  return <Fragment>{nodes}</Fragment>;
}

function TurningMark({ char }: { readonly char: string }): ReactNode {
  const code = `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return (
    <span className="md-turning" title="A hidden character that changes the direction of text">
      {code}
    </span>
  );
}
