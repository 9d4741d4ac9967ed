import { memo, useState, type ReactNode } from 'react';
import type { Message } from '../../../../src-contract/chat.ts';
import { CopyButton } from '../../../markdown/copy-button.tsx';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { Button } from '../../../ui/button.tsx';
import { longTime } from '../../../ui/format.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { MAX_MESSAGE_CHARS } from '../limits.ts';
import { useBusy } from '../thread-state.ts';
import { Branches } from './branches.tsx';
import { MessageBox } from './message-box.tsx';

interface QuestionProps {
  readonly message: Message;
  readonly branches: readonly Message[];
  readonly conversationId: string;
  readonly onEdit: (message: Message, text: string) => void;
  readonly onBranch: (messageId: string) => void;
}

/** Your message, in a well. Editing makes a branch: the first wording is kept. */
export const Question = memo(function Question(props: QuestionProps): ReactNode {
  const { message } = props;
  const busy = useBusy(props.conversationId);
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <div className="mine">
      <div className="who">
        <strong>You</strong>
        <time dateTime={new Date(message.createdAt).toISOString()}>
          {longTime(message.createdAt)}
        </time>
        <span className="acts on-hover">
          <CopyButton label="Copy message" text={() => message.text} />
          <IconButton
            icon="edit"
            name="Edit message"
            tip="Edit message: makes a branch"
            disabled={busy || draft !== null}
            onClick={() => setDraft(message.text)}
          />
        </span>
        <span className="acts">
          <Branches {...props} disabled={busy} />
        </span>
      </div>
      {draft === null ? (
        <p className="mine-text">
          <VisibleText text={message.text} />
        </p>
      ) : (
        <Editor
          draft={draft}
          setDraft={setDraft}
          onSend={() => {
            props.onEdit(message, draft.trim());
            setDraft(null);
          }}
        />
      )}
    </div>
  );
});

function Editor({
  draft,
  setDraft,
  onSend,
}: {
  readonly draft: string;
  readonly setDraft: (text: string | null) => void;
  readonly onSend: () => void;
}): ReactNode {
  const over = draft.length > MAX_MESSAGE_CHARS;
  const can = draft.trim() !== '' && !over;
  return (
    <div className="mine-edit">
      <MessageBox
        label="New wording"
        value={draft}
        onText={setDraft}
        onEnter={() => can && onSend()}
        onEscape={() => setDraft(null)}
        startHere
      />
      <div className="mine-edit-foot">
        {over && (
          <span className="fail small">
            Longer than {MAX_MESSAGE_CHARS.toLocaleString('en')} characters.
          </span>
        )}
        <Button size="small" kind="quiet" onClick={() => setDraft(null)}>
          Keep as it was
        </Button>
        <Button size="small" disabled={!can} onClick={onSend}>
          Ask as a new branch
        </Button>
      </div>
    </div>
  );
}
