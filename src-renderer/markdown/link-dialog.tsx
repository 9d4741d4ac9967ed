import { useRef, type ReactNode } from 'react';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { hostOf } from './safe-link.ts';

interface LinkDialogProps {
  /** An address that `safeHref` gave. */
  readonly href: string;
  readonly onClose: () => void;
}

/** Shows the whole address before it is opened: the words of a link may say anything. */
export function LinkDialog({ href, onClose }: LinkDialogProps): ReactNode {
  const stay = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      title={`Open ${hostOf(href)}?`}
      description="This leads out of Carrel, in your browser. The whole address is:"
      onClose={onClose}
      initialFocus={stay}
      footer={
        <>
          <Button ref={stay} onClick={onClose}>
            Stay here
          </Button>
          <ButtonLink
            kind="primary"
            icon="open"
            href={href}
            target="_blank"
            rel="noreferrer noopener"
            onClick={onClose}
          >
            Open link
          </ButtonLink>
        </>
      }
    >
      <p className="md-address">{href}</p>
    </Dialog>
  );
}
