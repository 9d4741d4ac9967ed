import type { ReactNode } from 'react';
import type { SearchResult } from '../../../../src-contract/knowledge.ts';
import { MarkedText } from '../../../markdown/marked-text.tsx';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/cx.ts';
import { counted, duration } from '../../../ui/format.ts';
import { Empty } from '../../../ui/parts.tsx';
import { useRoving } from '../../../ui/roving.ts';
import { excerptAround, withoutHeadingMarks } from '../excerpt.ts';
import { showResult, useKnowledgeSearch } from '../search-state.ts';

/** Found passages, best first. Arrows walk through them and the preview follows. */
export function Results(): ReactNode {
  const { found, shown } = useKnowledgeSearch();
  const { ref, onKeyDown, onFocus } = useRoving<HTMLUListElement>('.hit');
  if (!found) {
    return (
      <div className="results">
        <Empty icon="search" title="Search your documents">
          Type words that the passage should have: the best passages come first.
        </Empty>
      </div>
    );
  }
  if (found.results.length === 0) {
    return (
      <div className="results">
        <Empty
          icon="search"
          title="No passage found"
          action={
            <Button size="small" onClick={() => useKnowledgeSearch.setState({ query: '' })}>
              Clear the search
            </Button>
          }
        >
          No document has “{found.query}”. Try other or fewer words.
        </Empty>
      </div>
    );
  }
  return (
    <div className="results">
      <p className="sum num" role="status">
        {counted(found.results.length, 'passage')} in {counted(found.files, 'file')}
        <span className="ml-auto">{duration(found.ms)}</span>
      </p>
      {/* The handlers only carry focus between the buttons inside. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <ul aria-label="Passages" ref={ref} onKeyDown={onKeyDown} onFocus={onFocus}>
        {found.results.map((result) => (
          <Hit key={result.rank} result={result} current={isShown(result, shown)} />
        ))}
      </ul>
    </div>
  );
}

function Hit({
  result,
  current,
}: {
  readonly result: SearchResult;
  readonly current: boolean;
}): ReactNode {
  const passage = withoutHeadingMarks(result.text, result.marks);
  const { text, marks } = excerptAround(passage.text, passage.marks);
  const name = result.path.split(/[/\\]/u).at(-1) ?? result.path;
  return (
    <li>
      <button
        type="button"
        className="hit"
        aria-current={current ? 'true' : undefined}
        onClick={() => void showResult(result)}
        onFocus={() => void (current || showResult(result))}
      >
        <span className="t">
          <span className={cx('cite', current && 'on')}>{result.rank}</span>
          <strong className="cut" title={result.path}>
            {name}
          </strong>
          <span className="at">
            {result.page === null ? `line ${result.startLine}` : `page ${result.page}`}
          </span>
          <span className="score num" title="How well the words fit; only for comparing">
            {result.score.toFixed(2)}
          </span>
        </span>
        <span className="p">
          <MarkedText text={text} marks={marks} />
        </span>
        <span className="why">
          <span className="cut">
            <VisibleText text={result.title === '' ? result.collection : result.title} />
          </span>
          <span className="flex-none">{result.collection}</span>
        </span>
      </button>
    </li>
  );
}

function isShown(
  result: SearchResult,
  shown: { readonly collection: string; readonly path: string; readonly startLine: number } | null,
): boolean {
  return (
    shown?.collection === result.collection &&
    shown.path === result.path &&
    shown.startLine === result.startLine
  );
}
