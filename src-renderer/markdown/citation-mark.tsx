import { Fragment, useContext, type ReactNode } from 'react';
import { MarkdownContext } from './markdown-context.ts';

/** `[1]` or `[2, 3]` as chips where all the numbers are known sources; else the text as it stands. */
export function CitationMark({ source }: { readonly source: string }): ReactNode {
  const { citation } = useContext(MarkdownContext);
  if (!citation) return source;
  const numbers = source.slice(1, -1).split(',').map(Number);
  const chips = numbers.map((n) => ({ n, chip: citation(n) }));
  if (chips.some(({ chip }) => chip === null)) return source;
  return chips.map(({ n, chip }, i) => (
    // oxlint-disable-next-line react/no-array-index-key -- the same number may stand twice in one mark
    <Fragment key={`${i}-${n}`}>{chip}</Fragment>
  ));
}
