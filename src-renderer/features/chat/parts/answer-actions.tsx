import type { ReactNode } from 'react';
import type { Message } from '../../../../src-contract/chat.ts';
import { CopyButton } from '../../../markdown/copy-button.tsx';
import { cx } from '../../../ui/cx.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { useBusy } from '../thread-state.ts';
import { Branches } from './branches.tsx';

interface AnswerActionsProps {
  readonly message: Message;
  readonly branches: readonly Message[];
  readonly isLast: boolean;
  readonly conversationId: string;
  readonly onRegenerate: (messageId: string) => void;
  readonly onBranch: (messageId: string) => void;
}

/** Always under the last answer; under others on hover and focus. */
export function AnswerActions(props: AnswerActionsProps): ReactNode {
  const { message, branches, isLast } = props;
  const busy = useBusy(props.conversationId);
  return (
    <div className={cx('acts', !isLast && 'on-hover')}>
      <CopyButton label="Copy answer" text={() => message.text} />
      <IconButton
        icon="retry"
        // One of that name: under the last answer it is what one means.
        name={isLast ? 'Regenerate' : 'Answer again'}
        tip={`${isLast ? 'Regenerate' : 'Answer again'}: a new answer beside this one`}
        disabled={busy}
        onClick={() => props.onRegenerate(message.id)}
      />
      <Branches message={message} branches={branches} disabled={busy} onBranch={props.onBranch} />
    </div>
  );
}
