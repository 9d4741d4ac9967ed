import { useEffect, useState, type ReactNode } from 'react';
import { Icon } from '../ui/icon.tsx';
import { copyText } from './copy-text.ts';

/** How long "Copied" stands in place. */
const SAYS_MS = 2_000;

type Said = 'nothing' | 'copied' | 'failed';

/** A quiet button that copies `text()` and says so in place and to a screen reader. */
export function CopyButton({
  label,
  text,
}: {
  readonly label: string;
  readonly text: () => string;
}): ReactNode {
  const [said, setSaid] = useState<Said>('nothing');
  useEffect(() => {
    if (said === 'nothing') return undefined;
    const timer = setTimeout(() => setSaid('nothing'), SAYS_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (): Promise<void> => setSaid((await copyText(text())) ? 'copied' : 'failed');
  return (
    <>
      <button
        type="button"
        className="btn icon small quiet"
        aria-label={label}
        title={label}
        onClick={() => void copy()}
      >
        <Icon name={said === 'copied' ? 'tick' : 'copy'} />
      </button>
      <output className="md-said">
        {said === 'copied' && 'Copied'}
        {said === 'failed' && 'Could not copy'}
      </output>
    </>
  );
}
