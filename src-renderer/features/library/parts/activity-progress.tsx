import type { ReactNode } from 'react';
import type { LibraryState, WorkPhase } from '../../../../src-contract/library.ts';
import { isWorking, PHASE_WORDS, progressWords } from '../../../library-words.ts';
import { ProgressRow } from '../../../ui/progress-row.tsx';
import { useDelayed } from '../../../ui/use-delayed.ts';
import { useActivity } from '../activity-state.ts';

/** What the library does now: what was asked for here, which can be cancelled, else what it does by itself. */
export function ActivityProgress({ state }: { readonly state: LibraryState | null }): ReactNode {
  const { running, cancel } = useActivity();
  const own = state && isWorking(state) ? state : null;
  const late = useDelayed(running !== null || own !== null);
  if (!late) return null;
  if (running) {
    const { progress } = running;
    return (
      <Row
        phase={progress?.phase ?? 'checking'}
        done={progress?.done ?? 0}
        total={progress?.total ?? null}
        onCancel={cancel}
      />
    );
  }
  return own && <Row phase={own.kind} done={own.done} total={own.total} />;
}

function Row({
  phase,
  done,
  total,
  onCancel,
}: {
  readonly phase: WorkPhase;
  readonly done: number;
  readonly total: number | null;
  readonly onCancel?: () => void;
}): ReactNode {
  return (
    <ProgressRow
      what={PHASE_WORDS[phase]}
      done={done}
      total={total}
      detail={progressWords(phase, done, total)}
      {...(onCancel ? { onCancel } : {})}
    />
  );
}
