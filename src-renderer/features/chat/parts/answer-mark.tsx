import type { ReactNode } from 'react';
import type { Message } from '../../../../src-contract/chat.ts';
import { Banner } from '../../../ui/banner.tsx';
import { Button } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { LIBRARY_READER } from '../labels.ts';
import { useBusy } from '../thread-state.ts';

interface AnswerMarkProps {
  readonly message: Message;
  readonly conversationId: string;
  readonly onRegenerate: (messageId: string, route?: string) => void;
}

/** Says in words that an answer is not whole, why, and what can be done. A whole answer has no mark. */
export function AnswerMark({ message, conversationId, onRegenerate }: AnswerMarkProps): ReactNode {
  const busy = useBusy(conversationId);
  const again = (): void => onRegenerate(message.id);
  const { error } = message;
  if (error) {
    return (
      <div className="mark-place">
        <ErrorBanner
          error={error}
          stacked
          on={{
            retry: again,
            'use-library-reader': () => onRegenerate(message.id, LIBRARY_READER),
          }}
        />
      </div>
    );
  }
  const says = words(message);
  if (!says) return null;
  return (
    <div className="mark-place">
      <Banner
        tone="warn"
        title={says.title}
        actions={
          <Button size="small" icon="retry" disabled={busy} onClick={again}>
            {says.action}
          </Button>
        }
      >
        {says.cause}
      </Banner>
    </div>
  );
}

function words({
  status,
  text,
}: Message): { readonly title: string; readonly cause: string; readonly action: string } | null {
  const kept =
    text === '' ? 'Nothing had arrived yet; your question is kept.' : 'What arrived is kept.';
  switch (status) {
    case 'complete':
      return null;
    case 'streaming':
      return {
        title: 'This answer is being written elsewhere.',
        cause: 'Another window or terminal receives it. It appears here when it is finished.',
        action: 'Ask again',
      };
    case 'length':
      return {
        title: 'The answer stops at the model’s length limit.',
        cause: 'What arrived is kept. Ask it to go on, or ask again.',
        action: 'Ask again',
      };
    case 'truncated':
      return {
        title: 'The answer broke off.',
        cause: `${kept} It ended before the model said that it was finished.`,
        action: 'Ask again',
      };
    case 'cancelled':
      return {
        title: 'You stopped this answer.',
        cause: kept,
        action: 'Ask again',
      };
    case 'failed':
      return {
        title: 'There is no answer.',
        cause: 'Your question is kept.',
        action: 'Ask again',
      };
  }
}
