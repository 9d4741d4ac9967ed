import { useState, type ReactNode } from 'react';
import type { ErrorShape } from '../../../../src-contract/app-error.ts';
import { asAppError } from '../../../bridge.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { Input } from '../../../ui/input.tsx';
import { renameConversation } from '../list-state.ts';

/** Longest title, as the border allows it. */
const MAX_TITLE_CHARS = 120;

export function RenameDialog({
  id,
  title,
  onClose,
}: {
  readonly id: string;
  readonly title: string;
  readonly onClose: () => void;
}): ReactNode {
  const [text, setText] = useState(title);
  const [error, setError] = useState<ErrorShape | null>(null);
  const rename = async (): Promise<void> => {
    try {
      await renameConversation(id, text.trim());
      onClose();
    } catch (failure) {
      setError(asAppError(failure).toShape());
    }
  };
  return (
    <Dialog title="Rename the conversation" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void rename();
        }}
      >
        <Input
          label="Title"
          value={text}
          maxLength={MAX_TITLE_CHARS}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setText(event.target.value)}
          error={text.trim() === '' ? 'A title needs at least one letter.' : null}
        />
        {error && <ErrorBanner error={error} stacked />}
        <div className="chat-dialog-foot">
          <Button onClick={onClose}>Keep the title</Button>
          <Button kind="primary" type="submit" disabled={text.trim() === ''}>
            Rename
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
