import type { ReactNode } from 'react';
import { ProgressRow } from '../../../ui/progress-row.tsx';
import { phaseWords, useUpdate } from '../update-state.ts';

/** How opening or updating the library goes; nothing while neither does. */
export function UpdateProgress(): ReactNode {
  const { running, cancel } = useUpdate();
  if (!running) return null;
  return (
    <ProgressRow
      what={phaseWords(running.progress)}
      done={running.progress?.done ?? null}
      total={running.progress?.total ?? null}
      onCancel={cancel}
    />
  );
}
