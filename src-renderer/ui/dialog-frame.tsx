import { Dialog as Radix } from 'radix-ui';
import { useState } from 'react';
import type { DialogProps } from './dialog.tsx';
import { cx } from './cx.ts';

/**
 * Keeps the focus inside and gives it back. Rendered while it is open. The scrim is our own: Radix's
 * overlay would write a style element to lock scrolling, which the CSP refuses and this window,
 * which never scrolls as a whole, does not need.
 */
export function DialogFrame(props: DialogProps) {
  // Radix gives the focus back to its own trigger only, and these dialogs have none.
  const [opener] = useState(() => document.activeElement);
  return (
    <Radix.Root open onOpenChange={(open) => !open && props.onClose()}>
      <Radix.Portal>
        <div className="scrim" />
        <Radix.Content
          className={cx('dialog', props.className)}
          {...(props.description ? {} : { 'aria-describedby': undefined })}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
          }}
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
