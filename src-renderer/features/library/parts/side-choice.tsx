import { useState, type ReactNode } from 'react';
import type { ErrorShape } from '../../../../src-contract/app-error.ts';
import type { ConflictDetail } from '../../../../src-contract/library.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { Button } from '../../../ui/button.tsx';
import { RadioCard } from '../../../ui/choice.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { bytes } from '../../../ui/format.ts';
import { solveConflict } from '../solve-conflict.ts';

const TITLES: Readonly<Record<ConflictDetail['kind'], string>> = {
  text: 'You and the team both changed it',
  binary: 'You and the team both changed it, and it is not a text',
  'deleted-here': 'You deleted it; the team changed it',
  'deleted-there': 'You changed it; the team deleted it',
  folder: 'One side has a file here, the other a folder',
};

type Side = 'mine' | 'theirs';

/** A conflict whose sides can't be mixed: one of them is kept, the other goes to the trash. */
export function SideChoice({ conflict }: { readonly conflict: ConflictDetail }): ReactNode {
  const [side, setSide] = useState<Side | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorShape | null>(null);
  const { path, kind } = conflict;

  async function solve(): Promise<void> {
    if (side === null) return;
    setBusy(true);
    setError(await solveConflict(path, { kind: side }));
    setBusy(false);
  }

  return (
    <>
      <div className="solve">
        <div className="solve-head">
          <h2>{TITLES[kind]}</h2>
          <span className="ink-3 small">
            What is not taken goes to the trash or stays in the history.
          </span>
        </div>
        {error && <ErrorBanner error={error} on={{ retry: () => void solve() }} />}
        <div className="solve-cards" role="radiogroup" aria-label="Which one to keep">
          {(['mine', 'theirs'] as const).map((each) => (
            <RadioCard
              key={each}
              group="side"
              title={titleOf(conflict, each)}
              text={sizeOf(conflict, each)}
              checked={side === each}
              disabled={busy}
              onChoose={() => setSide(each)}
            >
              {textOf(conflict, each)}
            </RadioCard>
          ))}
        </div>
      </div>
      <div className="view-foot">
        <div className="end">
          {side === null && <span className="ink-3 small">Choose one of the two to save.</span>}
          <Button kind="primary" busy={busy} disabled={side === null} onClick={() => void solve()}>
            Save and mark solved
          </Button>
        </div>
      </div>
    </>
  );
}

function titleOf(conflict: ConflictDetail, side: Side): string {
  const has = conflict[side] !== null;
  if (side === 'mine') return has ? 'Keep yours' : 'Keep it deleted';
  return has ? 'Take the team’s' : 'Delete it, as the team did';
}

function sizeOf(conflict: ConflictDetail, side: Side): string {
  const has = conflict[side];
  if (has) return bytes(has.size);
  return conflict.kind === 'folder' ? 'A folder stands in its place.' : 'Deleted.';
}

/** Characters of a side that are shown here: enough to know it by. */
const SHOWN_CHARS = 4_000;

function textOf({ mineText, theirsText }: ConflictDetail, side: Side): ReactNode {
  const text = side === 'mine' ? mineText : theirsText;
  return (
    text !== null && (
      <pre className="item-source side-text">
        <code>
          <VisibleText text={text.slice(0, SHOWN_CHARS)} />
        </code>
      </pre>
    )
  );
}
