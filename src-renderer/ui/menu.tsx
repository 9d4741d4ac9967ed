import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, type IconName } from './icon.tsx';

interface MenuProps {
  /** The button that opens it; it must take a ref. */
  readonly trigger: ReactElement;
  readonly align?: 'start' | 'center' | 'end';
  readonly side?: 'top' | 'bottom';
  readonly children: ReactNode;
}

/** A list of actions or choices under a button. Not modal: see `Dialog` on scroll locks. */
export function Menu({ trigger, align = 'end', side = 'bottom', children }: MenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className="menu"
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
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
  return (
    <Radix.Item
      className={cx('item', danger && 'danger')}
      disabled={disabled ?? false}
      onSelect={onSelect}
    >
      {icon && <Icon name={icon} />}
      <span className="cut">{children}</span>
      {meta !== undefined && <span className="meta">{meta}</span>}
    </Radix.Item>
  );
}

/** One of several, with a tick: put them into `MenuChoices`. */
export function MenuChoice({
  value,
  children,
  meta,
}: {
  readonly value: string;
  readonly children: ReactNode;
  readonly meta?: ReactNode;
}) {
  return (
    <Radix.RadioItem className="item" value={value}>
      <span className="w-4 flex-none">
        <Radix.ItemIndicator>
          <Icon name="tick" />
        </Radix.ItemIndicator>
      </span>
      <span className="cut">{children}</span>
      {meta !== undefined && <span className="meta">{meta}</span>}
    </Radix.RadioItem>
  );
}

export function MenuChoices({
  value,
  onChange,
  children,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly children: ReactNode;
}) {
  return (
    <Radix.RadioGroup value={value} onValueChange={onChange}>
      {children}
    </Radix.RadioGroup>
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
    <Radix.CheckboxItem
      className="item"
      checked={checked}
      onCheckedChange={onChange}
      onSelect={(event) => event.preventDefault()}
    >
      <span className="w-4 flex-none">
        <Radix.ItemIndicator>
          <Icon name="tick" />
        </Radix.ItemIndicator>
      </span>
      <span className="cut">{children}</span>
      {meta !== undefined && <span className="meta">{meta}</span>}
    </Radix.CheckboxItem>
  );
}

export function MenuTitle({ children }: { readonly children: ReactNode }) {
  return <Radix.Label className="title">{children}</Radix.Label>;
}

export function MenuLine() {
  return (
    <Radix.Separator asChild>
      <hr />
    </Radix.Separator>
  );
}
