import { memo, useCallback, useMemo, useState, type ReactNode } from 'react';
import type { Message } from '../../../../src-contract/chat.ts';
import type { Citation } from '../../../../src-contract/common.ts';
import { MarkdownContext, type MarkdownContextValue } from '../../../markdown/markdown-context.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { longTime } from '../../../ui/format.ts';
import { Running } from '../../../ui/icon.tsx';
import { routeLabel } from '../labels.ts';
import { createNamedChips, NamedChips } from '../named-chips.ts';
import { useLive } from '../thread-state.ts';
import { AnswerActions } from './answer-actions.tsx';
import { AnswerMark } from './answer-mark.tsx';
import { AnswerText } from './answer-text.tsx';
import { CiteChip } from './cite-chip.tsx';
import { Evidence } from './evidence.tsx';
import { PassageDialog } from './passage-dialog.tsx';
import { Steps } from './steps.tsx';

interface AnswerProps {
  readonly message: Message;
  readonly conversationId: string;
  readonly branches: readonly Message[];
  readonly isLast: boolean;
  readonly onRegenerate: (messageId: string, route?: string) => void;
  readonly onBranch: (messageId: string) => void;
}

/** One answer, bare on the paper, with its evidence in the margin. */
export const Answer = memo(function Answer(props: AnswerProps): ReactNode {
  const { message } = props;
  const live = useLive(props.conversationId, message.id);
  const text = live?.text ?? message.text;
  const citations = live?.citations ?? message.citations;
  const steps = live?.steps ?? message.used?.steps ?? [];
  const [opened, setOpened] = useState<Citation | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const on = opened?.n ?? pointed;
  const context = useCitations(citations, on, setOpened, setPointed);
  const [chips] = useState(createNamedChips);
  const { used } = message;
  return (
    <NamedChips value={chips}>
      <article className="answer" aria-label="Answer" aria-busy={live !== null}>
        <div className="who">
          <strong>
            <VisibleText
              text={live?.by ?? used?.agent ?? (used ? routeLabel(used.route) : 'Answer')}
            />
          </strong>
          <time dateTime={new Date(message.createdAt).toISOString()}>
            {longTime(message.createdAt)}
          </time>
        </div>
        <Steps steps={steps} running={live !== null && text === ''} />
        {live && text === '' && steps.length === 0 && (
          <p className="waiting">
            <Running size={12} /> Waiting for the first word
          </p>
        )}
        <MarkdownContext value={context}>
          <AnswerText text={text} />
        </MarkdownContext>
        {!live && (
          <AnswerMark
            message={message}
            conversationId={props.conversationId}
            onRegenerate={props.onRegenerate}
          />
        )}
        {!live && <AnswerActions {...props} />}
      </article>
      <Evidence citations={citations} used={live ? null : used} on={on} onOpen={setOpened} />
      {opened && <PassageDialog citation={opened} onClose={() => setOpened(null)} />}
    </NamedChips>
  );
});

function useCitations(
  citations: readonly Citation[],
  on: number | null,
  onOpen: (citation: Citation) => void,
  onPoint: (n: number | null) => void,
): MarkdownContextValue {
  const chip = useCallback(
    (n: number) => {
      const citation = citations.find((each) => each.n === n);
      if (!citation) return null;
      return (
        <CiteChip
          citation={citation}
          on={n === on}
          onOpen={() => onOpen(citation)}
          onPoint={(pointed) => onPoint(pointed ? n : null)}
        />
      );
    },
    [citations, on, onOpen, onPoint],
  );
  return useMemo(() => ({ headingShift: 1, citation: chip }), [chip]);
}
