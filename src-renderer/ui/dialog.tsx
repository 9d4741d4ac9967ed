import { Dialog as Radix } from 'radix-ui';
import { useRef, type ReactNode, type RefObject } from 'react';
import { cx } from './cx.ts';
import { Button } from './button.tsx';

interface DialogProps {
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

/**
 * Keeps the focus inside and gives it back. Rendered while it is open. The scrim is our own: Radix's
 * overlay would write a style element to lock scrolling, which the CSP refuses and this window,
 * which never scrolls as a whole, does not need.
 */
export function Dialog(props: DialogProps) {
  return (
    <Radix.Root open onOpenChange={(open) => !open && props.onClose()}>
      <Radix.Portal>
        <div className="scrim" />
        <Radix.Content
          className={cx('dialog', props.className)}
          {...(props.description ? {} : { 'aria-describedby': undefined })}
          onOpenAutoFocus={(event) => {
            if (!props.initialFocus?.current) return;
            event.preventDefault();
            props.initialFocus.current.focus();
          }}
        >
          <header className={props.titleHidden ? 'sr' : undefined}>
            <Radix.Title asChild>
              <h2>{props.title}</h2>
            </Radix.Title>
            {props.description && (
              <Radix.Description asChild>
                <p>{props.description}</p>
              </Radix.Description>
            )}
          </header>
          {props.titleHidden
            ? props.children
            : props.children && <div className="body">{props.children}</div>}
          {props.footer && <footer>{props.footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
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
