import { Slot } from 'radix-ui';
import { useEffect, useId, useRef, useState, type ReactElement, type ReactNode } from 'react';

/** How long the pointer rests before a tooltip shows, in milliseconds: long enough not to flicker on the way. */
const SHOW_AFTER_MS = 500;
/** Time to move the pointer from the control onto its tooltip, in milliseconds. */
const HIDE_AFTER_MS = 120;

interface TooltipProps {
  readonly text: ReactNode;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  /** False where the tooltip only repeats the accessible name, so that it isn't spoken twice. */
  readonly describes?: boolean;
  /** One control; it must take a ref and pass on what it is given. */
  readonly children: ReactElement;
}

/** Shows `text` on hover and on keyboard focus; Escape hides it, and it stays while the pointer is on it. */
export function Tooltip({ text, side = 'bottom', describes = true, children }: TooltipProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  function later(next: boolean, ms: number): void {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpen(next), ms);
  }
  function now(next: boolean): void {
    clearTimeout(timer.current);
    setOpen(next);
  }

  const anchor = `--${id}`;
  return (
    <>
      <Slot.Root
        style={{ anchorName: anchor }}
        {...(open && describes ? { 'aria-describedby': id } : {})}
        onPointerEnter={(event) => {
          if (event.pointerType !== 'touch') later(true, SHOW_AFTER_MS);
        }}
        onPointerLeave={() => later(false, HIDE_AFTER_MS)}
        onPointerDown={() => now(false)}
        onFocus={(event) => {
          if (event.target.matches(':focus-visible')) now(true);
        }}
        onBlur={() => now(false)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') now(false);
        }}
      >
        {children}
      </Slot.Root>
      {open && (
        <div
          // The top layer: over dialogs, and never cut off by what scrolls around it.
          ref={showPopover}
          popover="manual"
          id={id}
          role="tooltip"
          className={`tip ${side}`}
          style={{ positionAnchor: anchor }}
          onPointerEnter={() => now(true)}
          onPointerLeave={() => later(false, HIDE_AFTER_MS)}
        >
          {text}
        </div>
      )}
    </>
  );
}

/**
 * In a task of its own: a menu that closes gives the focus back while it is still closing, and the
 * browser refuses to show another popover within that.
 */
function showPopover(element: HTMLElement | null): () => void {
  const timer = setTimeout(() => element?.showPopover());
  return () => clearTimeout(timer);
}
