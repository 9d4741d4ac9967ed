import { useState, type ReactNode } from 'react';
import type { ItemDetail } from '../../../../src-contract/library.ts';
import { Banner } from '../../../ui/banner.tsx';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { setDraft, type Draft } from '../kept-state.ts';
import { dropDraft } from '../save-item.ts';
import { diffTexts } from '../line-diff.ts';
import { DiffView } from './diff-view.tsx';

interface ChangedMeanwhileProps {
  readonly item: ItemDetail;
  /** What is in the file now. */
  readonly source: string;
  readonly draft: Draft;
}

/** The file was changed elsewhere while text of it is unsaved here: nothing is written until the person has chosen. */
export function ChangedMeanwhile({ item, source, draft }: ChangedMeanwhileProps): ReactNode {
  const [comparing, setComparing] = useState(false);
  const { path, oid } = item;
  const takeMine = (): void => setDraft(path, { text: draft.text, base: oid });
  const reload = (): void => dropDraft(path);
  return (
    <>
      <Banner
        tone="warn"
        title="This file was changed elsewhere while you wrote."
        actions={
          <>
            <Button size="small" kind="quiet" onClick={reload}>
              Reload, drop mine
            </Button>
            <Button size="small" onClick={takeMine}>
              Keep mine
            </Button>
            <Button size="small" onClick={() => setComparing(true)}>
              Compare
            </Button>
          </>
        }
      >
        Your text is kept here and was not saved.
      </Banner>
      {comparing && (
        <Dialog
          title={`“${item.name}”: in the file, and yours`}
          description="Removed lines are in the file now; added lines are yours."
          className="wide"
          onClose={() => setComparing(false)}
          footer={
            <>
              <Button onClick={reload}>Take the file, drop mine</Button>
              <Button onClick={takeMine}>Keep mine</Button>
            </>
          }
        >
          <DiffView diff={diffTexts(path, source, draft.text)} name="Difference" />
        </Dialog>
      )}
    </>
  );
}
