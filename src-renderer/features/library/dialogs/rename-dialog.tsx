import { useId, useState, type ReactNode } from 'react';
import type { Item } from '../../../../src-contract/library.ts';
import { MAX_PATH_CHARS } from '../../../../src-contract/limits.ts';
import { call } from '../../../bridge.ts';
import { hrefFor, navigate } from '../../../route.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { Input } from '../../../ui/input.tsx';
import { moveDraft } from '../kept-state.ts';
import { readLibrary } from '../library-state.ts';
import { useDoing } from './use-doing.ts';

/** Gives an item another place. What it is called inside is edited in its text. */
export function RenameDialog({
  item,
  onClose,
}: {
  readonly item: Item;
  readonly onClose: () => void;
}): ReactNode {
  const form = useId();
  const [to, setTo] = useState(item.path);
  const { busy, error, run } = useDoing();
  const missing =
    to.trim() === '' ? 'Enter a path.' : to.trim() === item.path ? 'Nothing changed yet.' : null;

  const rename = (): void =>
    run(async () => {
      const { path } = await call('library.rename', { from: item.path, to: to.trim() });
      moveDraft(item.path, path);
      await readLibrary();
      onClose();
      navigate(hrefFor('library', path), { replace: true });
    });

  return (
    <Dialog
      title={`Move or rename “${item.name}”`}
      description="Its folder and file name. A skill or template moves with all of its files."
      onClose={onClose}
      footer={
        <>
          {missing !== null && <span className="ink-3 small mr-auto">{missing}</span>}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={form} busy={busy} disabled={missing !== null}>
            Move
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (missing === null) rename();
        }}
      >
        <Input
          label="Path"
          value={to}
          maxLength={MAX_PATH_CHARS}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setTo(event.target.value)}
        />
        {error && <ErrorBanner error={error} stacked />}
      </form>
    </Dialog>
  );
}
