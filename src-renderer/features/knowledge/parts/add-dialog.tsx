import { useId, useState, type ReactNode } from 'react';
import { shell } from '../../../bridge.ts';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/cx.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { counted, cutMiddle } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Input } from '../../../ui/input.tsx';
import { addPaths } from '../jobs-state.ts';
import { fromDrop, fromInput, MAX_PICKED_FILES, nameFor, type Picked } from '../picked-files.ts';
import { uploadFiles } from '../upload.ts';
import { FileInputs } from './file-inputs.tsx';
import { PathPicker } from './path-picker.tsx';

interface AddDialogProps {
  /** The collection to add to; empty for a new one. */
  readonly target: string;
  /** What was dropped already. */
  readonly picked: Picked | null;
  readonly onClose: () => void;
  readonly onAdded: (collection: string) => void;
}

/** Longest name of a collection, as the border allows it. */
const MAX_NAME_CHARS = 120;

/** Chooses what is added (dropped, chosen, by path) and the collection it goes to. */
export function AddDialog(props: AddDialogProps): ReactNode {
  const [picked, setPicked] = useState(props.picked);
  const [typed, setTyped] = useState<string | null>(null);
  const [browsing, setBrowsing] = useState(false);
  const hintId = useId();
  const name = typed ?? (props.target || (picked ? nameFor(picked) : ''));
  const reason = missing(picked, name);

  function add(): void {
    if (!picked || reason !== null) return;
    start(name.trim(), picked);
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
      <DropArea onPicked={setPicked} picked={picked} />
      <div className="add-ways">
        <FileInputs onPicked={(list) => setPicked(fromInput(list))} />
        <Button
          size="small"
          kind="quiet"
          aria-expanded={browsing}
          onClick={() => setBrowsing(!browsing)}
        >
          Choose a path on the machine that runs Carrel
        </Button>
      </div>
      {browsing && <PathPicker onPick={(path) => setPicked({ kind: 'paths', paths: [path] })} />}
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

/** Begins to add; the queue at the foot says how it goes. */
export function start(collection: string, picked: Picked): void {
  if (picked.kind === 'paths') addPaths(collection, picked.paths);
  else void uploadFiles(collection, picked.files);
}

function DropArea({
  picked,
  onPicked,
}: {
  readonly picked: Picked | null;
  readonly onPicked: (picked: Picked) => void;
}): ReactNode {
  const [over, setOver] = useState(false);
  return (
    // Dropping is one way of three; the buttons below do the same for the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={cx('drop', over && 'over')}
      onDragOver={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(false);
        void fromDrop(event.dataTransfer).then(onPicked);
      }}
    >
      <Icon name={picked ? 'tick' : 'upload'} size={20} />
      <span role="status">{picked ? says(picked) : 'Drop files or a folder here'}</span>
    </div>
  );
}

function says(picked: Picked): string {
  if (picked.kind === 'paths') {
    const first = picked.paths[0] ?? '';
    return picked.paths.length === 1
      ? cutMiddle(first, 60)
      : `${cutMiddle(first, 40)} and ${picked.paths.length - 1} more`;
  }
  const { files } = picked;
  if (files.length === 0) return 'There is no file in it';
  if (files.length >= MAX_PICKED_FILES) {
    return `The first ${counted(MAX_PICKED_FILES, 'file')}: for more choose the path below`;
  }
  return files.length === 1 ? (files[0]?.path ?? '') : counted(files.length, 'file');
}

function missing(picked: Picked | null, name: string): string | null {
  const none = !picked || (picked.kind === 'files' && picked.files.length === 0);
  if (none) return 'Choose files or a folder to add';
  return name.trim() === '' ? 'Name the collection' : null;
}
