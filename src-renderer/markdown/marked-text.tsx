import { Fragment, type ReactNode } from 'react';
import { VisibleText } from './visible-text.tsx';

/** Text of others with marked parts: pairs of start and end offsets in UTF-16 units, in order. Ill-formed pairs are left out. */
export function MarkedText({
  text,
  marks,
}: {
  readonly text: string;
  readonly marks: readonly (readonly [number, number])[];
}): ReactNode {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const [start, end] of marks) {
    if (start < at || end <= start || end > text.length) continue;
    parts.push(
      <Fragment key={start}>
        <VisibleText text={text.slice(at, start)} />
        <mark>
          <VisibleText text={text.slice(start, end)} />
        </mark>
      </Fragment>,
    );
    at = end;
  }
  return (
    <>
      {parts}
      <VisibleText text={text.slice(at)} />
    </>
  );
}

/** Where any of `words` stands in `text`, whatever the case; in order, without overlap. */
export function findWords(text: string, words: readonly string[]): [number, number][] {
  const wanted = words.filter((word) => word.trim() !== '');
  if (wanted.length === 0) return [];
  const any = wanted
    .toSorted((a, b) => b.length - a.length)
    .map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`))
    .join('|');
  return [...text.matchAll(new RegExp(any, 'giu'))].map((found) => [
    found.index,
    found.index + found[0].length,
  ]);
}
