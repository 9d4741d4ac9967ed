import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { ErrorShape } from '../../../../src-contract/app-error.ts';
import type { Citation } from '../../../../src-contract/common.ts';
import type { Passage } from '../../../../src-contract/knowledge.ts';
import { asAppError, call } from '../../../bridge.ts';
import { CopyButton } from '../../../markdown/copy-button.tsx';
import { DocumentLines } from '../../../markdown/document-lines.tsx';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { hrefFor, navigate } from '../../../route.ts';
import { Banner } from '../../../ui/banner.tsx';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { placeOf } from '../labels.ts';

/** The document behind a citation, at its lines. Where it can't be read any more, the words that were cited are shown. */
export function PassageDialog({
  citation,
  onClose,
}: {
  readonly citation: Citation;
  readonly onClose: () => void;
}): ReactNode {
  const [passage, setPassage] = useState<Passage | null>(null);
  const [error, setError] = useState<ErrorShape | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const { collection, path, startLine, endLine } = citation;
  useEffect(() => {
    let gone = false;
    call('knowledge.passage', { collection, path, startLine, endLine, context: 60 }).then(
      (found) => gone || setPassage(found),
      (failure: unknown) => gone || setError(asAppError(failure).toShape()),
    );
    return () => {
      gone = true;
    };
  }, [collection, path, startLine, endLine]);
  return (
    <Dialog
      title={`Source ${citation.n}: ${path}`}
      description={`${collection}, ${placeOf(citation)}`}
      className="wide passage-dialog"
      onClose={onClose}
      initialFocus={scroller}
      footer={
        <>
          <CopyButton
            label="Copy with citation"
            text={() => `${citation.text.trim()}\n\n(${collection}: ${path}, ${placeOf(citation)})`}
          />
          <Button
            onClick={() => {
              onClose();
              navigate(hrefFor('knowledge', collection, { file: path, line: String(startLine) }));
            }}
          >
            Open in Knowledge
          </Button>
          <Button kind="primary" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      {passage?.stale && (
        <Banner tone="warn" title="The document changed since it was indexed.">
          The lines may have moved. These were cited: “<VisibleText text={citation.text.trim()} />”
        </Banner>
      )}
      {error && (
        <>
          <ErrorBanner error={error} stacked />
          <p className="passage-was">When it was cited, it said:</p>
          <blockquote className="passage-quote">
            <VisibleText text={citation.text} />
          </blockquote>
        </>
      )}
      <div
        ref={scroller}
        className="passage-lines"
        // Focusable so that the keyboard can scroll it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a fieldset is a form's
        role="group"
        aria-label="Lines of the document"
      >
        {passage && <DocumentLines passage={passage} startLine={startLine} endLine={endLine} />}
      </div>
    </Dialog>
  );
}
