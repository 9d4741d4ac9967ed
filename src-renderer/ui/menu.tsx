import { Slot } from 'radix-ui';
import {
  createContext,
  useContext,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
} from 'react';
import { cx } from './cx.ts';
import { Icon, type IconName } from './icon.tsx';

interface MenuProps {
  /** The button that opens it; it must pass on what it is given. */
  readonly trigger: ReactElement;
  readonly align?: 'start' | 'center' | 'end';
  readonly side?: 'top' | 'bottom';
  /** `MenuItem`, `MenuChoices`, `MenuCheck`, `MenuTitle`, `MenuLine`. */
  readonly children: ReactNode;
}

/** Keys typed within this time make one word to jump to, in milliseconds. */
const TYPE_AHEAD_MS = 500;

const CloseMenu = createContext<() => void>(() => undefined);

/**
 * A list of actions or choices under a button. The browser's own popover: it lies over everything,
 * closes on Escape and on a press elsewhere, and gives the focus back.
 */
export function Menu({ trigger, align = 'end', side = 'bottom', children }: MenuProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: '', at: 0 });

  /** Shown and drawn by now: what is not displayed can't take the focus. */
  function focusFirst(): void {
    typed.current = { text: '', at: 0 };
    const items = itemsOf(list.current);
    (items.find((item) => item.getAttribute('aria-checked') === 'true') ?? items[0])?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const items = itemsOf(list.current);
    const at = items.indexOf(document.activeElement as HTMLElement);
    const count = items.length;
    if (event.key === 'ArrowDown') items[(at + 1) % count]?.focus();
    else if (event.key === 'ArrowUp') items[(at - 1 + count) % count]?.focus();
    else if (event.key === 'Home') items[0]?.focus();
    else if (event.key === 'End') items[count - 1]?.focus();
    else if (event.key === 'Tab') list.current?.hidePopover();
    else if (event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey) {
      const text =
        event.timeStamp - typed.current.at < TYPE_AHEAD_MS
          ? typed.current.text + event.key
          : event.key;
      typed.current = { text, at: event.timeStamp };
      items
        .find((item) => item.textContent.trim().toLowerCase().startsWith(text.toLowerCase()))
        ?.focus();
    } else return;
    event.preventDefault();
  }

  const close = useMemo(() => () => list.current?.hidePopover(), []);
  return (
    <>
      <Slot.Root popoverTarget={id} aria-haspopup="menu" aria-expanded={open}>
        {trigger}
      </Slot.Root>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        tabIndex={-1}
        className={cx('menu', side, align)}
        onBeforeToggle={(event) => {
          if (event.newState === 'open') setOpen(true);
        }}
        onToggle={(event) => {
          if (event.newState === 'open') focusFirst();
          // Not before it has closed: with the item the focus would be gone, and not given back.
          else setOpen(false);
        }}
        onKeyDown={onKeyDown}
      >
        <CloseMenu value={close}>{open && children}</CloseMenu>
      </div>
    </>
  );
}

function itemsOf(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('[role^="menuitem"]:not(:disabled)') ?? [])];
}

interface MenuItemProps {
  readonly icon?: IconName;
  readonly children: ReactNode;
  readonly meta?: ReactNode;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
}

export function MenuItem({ icon, children, meta, danger, disabled, onSelect }: MenuItemProps) {
  const close = useContext(CloseMenu);
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      className={cx('item', danger && 'danger')}
      disabled={disabled}
      onClick={() => {
        close();
        onSelect();
      }}
    >
      {icon && <Icon name={icon} />}
      <span className="cut">{children}</span>
      {meta !== undefined && <span className="meta">{meta}</span>}
    </button>
  );
}

const Chosen = createContext<{
  readonly value: string;
  readonly onChange: (value: string) => void;
}>({
  value: '',
  onChange: () => undefined,
});

/** Several `MenuChoice`s of which one holds. */
export function MenuChoices({
  value,
  onChange,
  children,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly children: ReactNode;
}) {
  const chosen = useMemo(() => ({ value, onChange }), [value, onChange]);
  return (
    <Chosen value={chosen}>
      <div role="group">{children}</div>
    </Chosen>
  );
}

/** One of several, with a tick. */
export function MenuChoice({
  value,
  children,
  meta,
}: {
  readonly value: string;
  readonly children: ReactNode;
  readonly meta?: ReactNode;
}) {
  const close = useContext(CloseMenu);
  const chosen = useContext(Chosen);
  return (
    <button
      type="button"
      role="menuitemradio"
      tabIndex={-1}
      className="item"
      aria-checked={chosen.value === value}
      onClick={() => {
        close();
        chosen.onChange(value);
      }}
    >
      <Ticked on={chosen.value === value} />
      <span className="cut">{children}</span>
      {meta !== undefined && <span className="meta">{meta}</span>}
    </button>
  );
}

/** One of many that may be on together; the menu stays open. */
export function MenuCheck({
  checked,
  onChange,
  children,
  meta,
}: {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
  readonly meta?: ReactNode;
}) {
  return (
    <button
      type="button"
      role="menuitemcheckbox"
      tabIndex={-1}
      className="item"
      aria-checked={checked}
      onClick={() => onChange(!checked)}
    >
      <Ticked on={checked} />
      <span className="cut">{children}</span>
      {meta !== undefined && <span className="meta">{meta}</span>}
    </button>
  );
}

function Ticked({ on }: { readonly on: boolean }) {
  return <span className="flex w-4 flex-none">{on && <Icon name="tick" />}</span>;
}

export function MenuTitle({ children }: { readonly children: ReactNode }) {
  return <div className="title">{children}</div>;
}

export function MenuLine() {
  return <hr />;
}
