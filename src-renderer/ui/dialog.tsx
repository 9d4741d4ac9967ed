import { lazy, Suspense, useRef, type ReactNode, type RefObject } from 'react';
import { Button } from './button.tsx';

// Loaded with the first dialog: nothing of it is needed to show a conversation.
const Frame = lazy(async () => ({ default: (await import('./dialog-frame.tsx')).DialogFrame }));

export interface DialogProps {
  /** The question or the name of the form; also the dialog's accessible name. */
  readonly title: string;
  readonly titleHidden?: boolean;
  readonly description?: ReactNode;
  readonly onClose: () => void;
  readonly children?: ReactNode;
  /** Buttons: quiet, plain, primary from left to right. */
  readonly footer?: ReactNode;
  /** Where the focus starts; the first control when left out. */
  readonly initialFocus?: RefObject<HTMLElement | null>;
  readonly className?: string;
}

/** A question or a form over the window. Rendered while it is open; keeps the focus inside and gives it back. */
export function Dialog(props: DialogProps) {
  return (
    <Suspense fallback={<div className="scrim" />}>
      <Frame {...props} />
    </Suspense>
  );
}

interface ConfirmProps {
  /** A question with the name of the thing: Remove the collection “Reading notes”? */
  readonly title: string;
  /** What happens, and first what is safe. */
  readonly description: ReactNode;
  /** The safe choice: "Keep it". */
  readonly keep: string;
  /** The verb and the name: Remove “Reading notes”. */
  readonly confirm: string;
  readonly busy?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  /** An error of the attempt, shown in place. */
  readonly children?: ReactNode;
}

/** Asks before something is destroyed; the focus starts on the safe choice. */
export function ConfirmDialog(props: ConfirmProps) {
  const safe = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      title={props.title}
      description={props.description}
      onClose={props.onClose}
      initialFocus={safe}
      footer={
        <>
          <Button ref={safe} onClick={props.onClose}>
            {props.keep}
          </Button>
          <Button kind="danger" busy={props.busy ?? false} onClick={props.onConfirm}>
            {props.confirm}
          </Button>
        </>
      }
    >
      {props.children}
    </Dialog>
  );
}
