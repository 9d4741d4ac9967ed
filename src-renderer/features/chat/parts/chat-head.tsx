import type { ReactNode } from 'react';
import type { Conversation } from '../../../../src-contract/chat.ts';
import { ContentHead } from '../../../frame/screen.tsx';
import { count, counted } from '../../../ui/format.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Menu, MenuItem } from '../../../ui/menu.tsx';
import { Chip } from '../../../ui/state.tsx';
import { pathTo, siblingsById } from '../tree.ts';
import { cost } from './used-facts.tsx';

interface ChatHeadProps {
  readonly conversation: Conversation | null;
  readonly onRename: () => void;
  readonly onDelete: () => void;
}

/** Title of the conversation, its branch, what it took so far, and what can be done with it. */
export function ChatHead({ conversation, onRename, onDelete }: ChatHeadProps): ReactNode {
  if (!conversation) return <ContentHead title="New conversation" />;
  return (
    <ContentHead
      title={conversation.title === '' ? 'Untitled' : conversation.title}
      after={<BranchChip conversation={conversation} />}
      end={
        <>
          <span className="ink-3 small num chat-sums">{sums(conversation)}</span>
          <Menu trigger={<IconButton icon="more" name="More" />}>
            <MenuItem icon="edit" meta="F2" onSelect={onRename}>
              Rename
            </MenuItem>
            <MenuItem icon="remove" danger onSelect={onDelete}>
              Delete the conversation
            </MenuItem>
          </Menu>
        </>
      }
    />
  );
}

/** The last place where the shown branch parts from others. */
function BranchChip({ conversation }: { readonly conversation: Conversation }): ReactNode {
  const { messages, leafId } = conversation;
  const siblings = siblingsById(messages);
  for (const message of pathTo(messages, leafId).toReversed()) {
    const branches = siblings.get(message.id) ?? [];
    if (branches.length < 2) continue;
    const at = branches.findIndex(({ id }) => id === message.id);
    return <Chip icon="branch">{`Branch ${at + 1} of ${branches.length}`}</Chip>;
  }
  return null;
}

function sums({ messages }: Conversation): string {
  const answers = messages.filter(({ role }) => role === 'assistant');
  if (answers.length === 0) return '';
  let tokens = 0;
  let dollars = 0;
  let priced = false;
  for (const { used } of answers) {
    tokens += (used?.usage?.inputTokens ?? 0) + (used?.usage?.outputTokens ?? 0);
    if (used?.cost == null) continue;
    dollars += used.cost;
    priced = true;
  }
  return [
    counted(answers.length, 'answer'),
    ...(tokens > 0 ? [`${count(tokens)} tokens`] : []),
    ...(priced && tokens > 0 ? [cost(dollars)] : []),
  ].join(' · ');
}
