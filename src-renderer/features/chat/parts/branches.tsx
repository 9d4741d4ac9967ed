import type { ReactNode } from 'react';
import type { Message } from '../../../../src-contract/chat.ts';
import { IconButton } from '../../../ui/icon-button.tsx';

interface BranchesProps {
  readonly message: Message;
  /** The message and its siblings, oldest first. */
  readonly branches: readonly Message[];
  readonly disabled: boolean;
  readonly onBranch: (messageId: string) => void;
}

/** Goes to the branch before or after. Nothing where there is only one. */
export function Branches({ message, branches, disabled, onBranch }: BranchesProps): ReactNode {
  if (branches.length < 2) return null;
  const at = branches.findIndex(({ id }) => id === message.id);
  const before = branches[at - 1];
  const after = branches[at + 1];
  return (
    <>
      <IconButton
        icon="left"
        name="Previous branch"
        disabled={disabled || !before}
        onClick={() => before && onBranch(before.id)}
      />
      <span className="num" aria-label={`Branch ${at + 1} of ${branches.length}`} role="img">
        {at + 1} / {branches.length}
      </span>
      <IconButton
        icon="right"
        name="Next branch"
        disabled={disabled || !after}
        onClick={() => after && onBranch(after.id)}
      />
    </>
  );
}
