import type { ReactNode } from 'react';
import { CopyButton } from '../../../markdown/copy-button.tsx';
import { DocumentLines } from '../../../markdown/document-lines.tsx';
import { hrefFor } from '../../../route.ts';
import { Banner } from '../../../ui/banner.tsx';
import { ButtonLink } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Empty } from '../../../ui/parts.tsx';
import { reindex } from '../../../adding/jobs-state.ts';
import { showPassage, useKnowledgeSearch } from '../search-state.ts';

/** The document of the chosen passage, with line numbers; the cited lines have the bar. */
export function Preview(): ReactNode {
  const shown = useKnowledgeSearch((state) => state.shown);
  if (!shown) {
    return (
      <section className="preview" aria-label="Preview">
        <Empty icon="file" title="Nothing chosen">
          A passage that you choose is shown here, at its place in the document.
        </Empty>
      </section>
    );
  }
  const { passage, path, collection, startLine, endLine, words } = shown;
  return (
    <section className="preview" aria-label="Preview">
      <div className="ph">
        <Icon name="file" />
        <strong className="cut" title={`${collection}: ${path}`}>
          {path}
        </strong>
        <span className="ink-3 small flex-none">line {startLine}</span>
        <span className="grow" />
        {passage && (
          <CopyButton
            label="Copy with citation"
            text={() => {
              const lines = passage.lines.slice(
                Math.max(0, startLine - passage.firstLine),
                endLine - passage.firstLine + 1,
              );
              return `${lines.join('\n')}\n\n(${collection}: ${path}, line ${startLine})`;
            }}
          />
        )}
        <ButtonLink
          size="small"
          kind="quiet"
          icon="chat"
          href={hrefFor('chat', '', { collection })}
        >
          Ask about it
        </ButtonLink>
      </div>
      {passage?.stale && (
        <Banner
          tone="warn"
          thin
          title="The document changed since it was indexed."
          actions={
            <button type="button" className="btn small" onClick={() => reindex(collection)}>
              Index again
            </button>
          }
        >
          Lines may have moved.
        </Banner>
      )}
      {shown.error && (
        <div className="p-3">
          <ErrorBanner
            error={shown.error}
            stacked
            on={{ retry: () => void showPassage(shown), reindex: () => reindex(collection) }}
          />
        </div>
      )}
      <div
        className="doc"
        // Focusable so that the keyboard can scroll it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a fieldset is a form's
        role="group"
        aria-label="Lines of the document"
      >
        {passage && (
          <DocumentLines passage={passage} startLine={startLine} endLine={endLine} words={words} />
        )}
      </div>
    </section>
  );
}
