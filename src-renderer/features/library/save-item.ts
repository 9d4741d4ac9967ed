import type { ErrorShape } from '../../../src-contract/app-error.ts';
import { asAppError, call } from '../../bridge.ts';
import { announce } from '../../ui/live-region.tsx';
import { showUndo } from '../../ui/toast.tsx';
import { setDraft, useKept } from './kept-state.ts';
import { withEndsOf } from './line-ends.ts';
import { readItem, readLibrary } from './library-state.ts';

/** Code of an error that says: other bytes are there than those that were edited. */
export const CHANGED_MEANWHILE = 'library/changed-meanwhile';

/** Writes the unsaved text of an item, with the line ends of `source`. Returns what went wrong; the text is kept then. */
export async function saveDraft(path: string, source: string): Promise<ErrorShape | null> {
  const draft = useKept.getState().drafts[path];
  if (!draft) return null;
  try {
    const { oid } = await call('library.save', {
      path,
      content: withEndsOf(source, draft.text),
      expect: draft.base,
    });
    // What was typed while it was written is not saved yet.
    const now = useKept.getState().drafts[path];
    setDraft(path, !now || now.text === draft.text ? null : { text: now.text, base: oid });
    announce('Saved');
    await Promise.all([readItem(path), readLibrary()]);
    return null;
  } catch (failure) {
    const error = asAppError(failure).toShape();
    // The editor compares with what is there now.
    if (error.code === CHANGED_MEANWHILE) await readItem(path);
    return error;
  }
}

/** Drops unsaved text; it can be taken back for a moment. */
export function dropDraft(path: string): void {
  const draft = useKept.getState().drafts[path];
  if (!draft) return;
  setDraft(path, null);
  showUndo('Unsaved text dropped', () => setDraft(path, draft));
}
