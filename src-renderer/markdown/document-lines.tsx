import { useEffect, useRef, type ReactNode } from 'react';
import type { Passage } from '../../src-contract/knowledge.ts';
import { cx } from '../ui/cx.ts';
import { findWords, MarkedText } from './marked-text.tsx';
import './document-lines.css';

interface DocumentLinesProps {
  readonly passage: Passage;
  /** Lines with the bar, 1-based, inclusive. */
  readonly startLine: number;
  readonly endLine: number;
  /** Found words, marked within the cited lines. */
  readonly words?: readonly string[];
}

const NO_WORDS: readonly string[] = [];
/** Files that are read as prose; everything else keeps the columns of code. */
const PROSE = /\.(?:md|markdown|mdx|txt|text|rst|adoc|org)$/iu;

/** Lines of a document as they are, numbered; the cited ones have the bar and stand in sight at first. */
export function DocumentLines({
  passage,
  startLine,
  endLine,
  words = NO_WORDS,
}: DocumentLinesProps): ReactNode {
  const list = useRef<HTMLOListElement>(null);
  const { lines, firstLine } = passage;
  useEffect(() => {
    // `lines` is a dependency: another document stands here with the same numbers.
    const cited = lines.length > 0 ? list.current?.children[startLine - firstLine] : undefined;
    const box = list.current?.parentElement;
    if (!cited || !box) return;
    // Not scrollIntoView: it would move whatever else around can scroll.
    const above = cited.getBoundingClientRect().top - box.getBoundingClientRect().top;
    box.scrollTop += above - box.clientHeight / 3;
  }, [lines, firstLine, startLine]);
  return (
    <ol ref={list} className={cx('doc-lines', !PROSE.test(passage.path) && 'code')}>
      {lines.map((line, i) => {
        const number = firstLine + i;
        const isCited = number >= startLine && number <= endLine;
        return (
          <li key={number} className={cx(isCited && 'cited', /^#{1,6} /u.test(line) && 'title')}>
            <span className="no" aria-hidden>
              {number}
            </span>
            <span className="line">
              {isCited && <span className="sr">Cited, line {number}: </span>}
              {line === '' ? (
                '\u00A0'
              ) : (
                <MarkedText text={line} marks={isCited ? findWords(line, words) : []} />
              )}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
