import { useId, useState, type ReactNode } from 'react';
import type { Input as CallInput } from '../../../../src-contract/index.ts';
import { MAX_NAME_CHARS } from '../../../../src-contract/limits.ts';
import { call } from '../../../bridge.ts';
import { hrefFor, navigate } from '../../../route.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { Input } from '../../../ui/input.tsx';
import { Segment } from '../../../ui/segment.tsx';
import { readLibrary, useLibrary } from '../library-state.ts';
import { useDoing } from './use-doing.ts';

type Kind = CallInput<'library.create'>['kind'];

const KINDS: readonly { readonly value: Kind; readonly label: string; readonly says: string }[] = [
  { value: 'prompt', label: 'Prompt', says: 'A text with blanks that is used in chat.' },
  { value: 'agent', label: 'Agent', says: 'Instructions, knowledge and opening questions.' },
  { value: 'skill', label: 'Skill', says: 'A folder with instructions for one kind of work.' },
  { value: 'knowledge', label: 'Document', says: 'A text of a collection that can be searched.' },
];

/** Asks what to make and how it is called; the engine finds its place. */
export function CreateDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const form = useId();
  const items = useLibrary((state) => state.items);
  const [kind, setKind] = useState<Kind>('prompt');
  const [name, setName] = useState('');
  const [collection, setCollection] = useState(() =>
    firstCollection(items.map(({ path }) => path)),
  );
  const { busy, error, run } = useDoing();
  const isDocument = kind === 'knowledge';
  const missing =
    name.trim() === ''
      ? 'Give it a name.'
      : isDocument && collection.trim() === ''
        ? 'Name a collection.'
        : null;

  const create = (): void =>
    run(async () => {
      const { path } = await call('library.create', {
        kind,
        name: name.trim(),
        ...(isDocument ? { collection: collection.trim() } : {}),
      });
      await readLibrary();
      onClose();
      navigate(hrefFor('library', path, { view: 'edit' }));
    });

  return (
    <Dialog
      title="New item"
      description={KINDS.find(({ value }) => value === kind)?.says}
      onClose={onClose}
      footer={
        <>
          {missing !== null && <span className="ink-3 small mr-auto">{missing}</span>}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={form} busy={busy} disabled={missing !== null}>
            Create
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (missing === null) create();
        }}
      >
        <Segment name="Kind" size="normal" value={kind} onChange={setKind} options={KINDS} />
        <Input
          label="Name"
          value={name}
          maxLength={MAX_NAME_CHARS}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
        {isDocument && (
          <Input
            label="Collection"
            hint="A folder of knowledge; a new name makes a new one."
            value={collection}
            maxLength={MAX_NAME_CHARS}
            autoComplete="off"
            onChange={(event) => setCollection(event.target.value)}
          />
        )}
        {error && <ErrorBanner error={error} stacked />}
      </form>
    </Dialog>
  );
}

function firstCollection(paths: readonly string[]): string {
  return paths.map((path) => /^knowledge\/([^/]+)\//u.exec(path)?.[1]).find(Boolean) ?? '';
}
