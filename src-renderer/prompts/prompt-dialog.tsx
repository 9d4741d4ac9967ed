import { useEffect, useState, type ReactNode } from 'react';
import type { ErrorShape } from '../../src-contract/app-error.ts';
import type { ItemDetail } from '../../src-contract/library.ts';
import { asAppError, call } from '../bridge.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorBanner } from '../ui/error-banner.tsx';
import { ProgressRow } from '../ui/progress-row.tsx';
import { useDelayed } from '../ui/use-delayed.ts';
import { closePrompt, putIntoComposer } from './prompt-state.ts';
import { PromptForm } from './prompt-form.tsx';
import './prompts.css';

/** Reads a prompt; one without variables goes straight into the composer. */
export function PromptDialog({ path }: { readonly path: string }): ReactNode {
  const [prompt, setPrompt] = useState<ItemDetail | null>(null);
  const [error, setError] = useState<ErrorShape | null>(null);
  const late = useDelayed(prompt === null && error === null);
  useEffect(() => {
    let stale = false;
    call('library.item', { path }).then(
      (item) => {
        if (stale) return;
        if (item.variables.length === 0) putIntoComposer(item.body.trim());
        else setPrompt(item);
      },
      (failure: unknown) => !stale && setError(asAppError(failure).toShape()),
    );
    return () => {
      stale = true;
    };
  }, [path]);
  if (prompt) return <PromptForm prompt={prompt} />;
  if (!late && !error) return null;
  return (
    <Dialog
      title="Use a prompt"
      onClose={closePrompt}
      footer={<Button onClick={closePrompt}>Close</Button>}
    >
      {error ? <ErrorBanner error={error} stacked /> : <ProgressRow what="Reading the prompt" />}
    </Dialog>
  );
}
