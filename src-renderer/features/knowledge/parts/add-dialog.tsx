import { useId, useState, type ReactNode } from 'react';
import { DropArea } from '../../../adding/drop-area.tsx';
import { addTo } from '../../../adding/jobs-state.ts';
import { MAX_NAME_CHARS, nameOf, type Given } from '../../../adding/read-drop.ts';
import { shell } from '../../../bridge.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Input } from '../../../ui/input.tsx';

interface AddDialogProps {
  /** The collection to add to; empty for a new one. */
  readonly target: string;
  /** What was dropped already. */
  readonly given: Given | null;
  readonly onClose: () => void;
  readonly onAdded: (collection: string) => void;
}

/** Chooses what is added (dropped, chosen, by path) and the collection it goes to. */
export function AddDialog(props: AddDialogProps): ReactNode {
  const [given, setGiven] = useState(props.given);
  const [typed, setTyped] = useState<string | null>(null);
  const hintId = useId();
  const name = typed ?? (props.target || (given ? nameOf(given) : ''));
  const reason = missing(given, name);

  function add(): void {
    if (!given || reason !== null) return;
    addTo(name.trim(), given);
    props.onAdded(name.trim());
  }

  return (
    <Dialog
      title="Add files or folder"
      description={
        shell() === 'web'
          ? 'Markdown, text and source code. Files sent from this browser are stored encrypted; a path is read where it is.'
          : 'Markdown, text and source code. Your files stay where they are.'
      }
      className="wide"
      onClose={props.onClose}
      footer={
        <>
          <span id={hintId} className="ink-3 small self-center grow">
            {reason}
          </span>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button kind="primary" disabled={reason !== null} aria-describedby={hintId} onClick={add}>
            Add
          </Button>
        </>
      }
    >
      <DropArea given={given} onGiven={setGiven} />
      <div className="mt-3">
        <Input
          label="Collection"
          hint="Files are searched together by collection. A new name makes a new one."
          value={name}
          maxLength={MAX_NAME_CHARS}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
    </Dialog>
  );
}

function missing(given: Given | null, name: string): string | null {
  if (!given) return 'Choose files or a folder to add';
  return name.trim() === '' ? 'Name the collection' : null;
}
