import type { ReactNode } from 'react';
import type { ConflictDetail, ItemDetail } from '../../../../src-contract/library.ts';
import { call } from '../../../bridge.ts';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { Empty } from '../../../ui/parts.tsx';
import { useAsked } from '../use-asked.ts';
import { SideChoice } from './side-choice.tsx';
import { TextConflict } from './text-conflict.tsx';

/** One conflict: line by line where both sides are texts with the same lines changed, else one side or the other. */
export function ConflictView({
  path,
  item,
}: {
  readonly path: string;
  /** Null where the file is not here, such as a folder on one side. */
  readonly item: ItemDetail | null;
}): ReactNode {
  const { value, error, read } = useAsked(`${path} ${item?.oid ?? ''}`, () =>
    call('library.conflict', { path }),
  );
  if (error) {
    return (
      <div className="item">
        <ErrorBanner error={error} on={{ retry: read }} />
      </div>
    );
  }
  if (!value) return null;
  return isText(value) ? (
    <TextConflict key={path} conflict={value} />
  ) : (
    <SideChoice key={path} conflict={value} />
  );
}

/** The list of what waits for a decision is empty. */
export function NoConflicts(): ReactNode {
  return (
    <Empty icon="ok" title="Nothing to solve">
      Where you and the team change the same lines, it waits here until you decide.
    </Empty>
  );
}

function isText({ kind, chunks }: ConflictDetail): boolean {
  return kind === 'text' && chunks.some((chunk) => chunk.kind === 'conflict');
}
