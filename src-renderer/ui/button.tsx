import type { ComponentPropsWithRef, ReactNode } from 'react';
import { navigate } from '../route.ts';
import { cx } from './cx.ts';
import { Icon, Running, type IconName } from './icon.tsx';

export interface ButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'type'> {
  /** One primary per view; danger names the thing it removes. */
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  /** 32, 28 (heads, lists, banners) or 24 (inside a diff) high. */
  readonly size?: 'normal' | 'small' | 'tiny';
  readonly icon?: IconName | undefined;
  /** Work goes on: the arc stands before the word and a press does nothing. */
  readonly busy?: boolean;
  /** For a button that stays down; sets `aria-pressed`. */
  readonly pressed?: boolean;
  readonly type?: 'button' | 'submit';
}

export function Button({
  kind = 'plain',
  size = 'normal',
  icon,
  busy = false,
  pressed,
  type = 'button',
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type === 'submit' ? 'submit' : 'button'}
      className={cx(
        'btn',
        kind !== 'plain' && kind,
        size !== 'normal' && size,
        pressed && 'on',
        className,
      )}
      // Not `disabled`: focus would be lost while the work runs.
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      aria-pressed={pressed}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy ? <Running /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A step within the window that reads like a link. Its words are of others: as a link it could be taken for one of the rail. */
export function GoButton({
  href,
  children,
}: {
  readonly href: string;
  readonly children: ReactNode;
}) {
  return (
    <button type="button" className="link" onClick={() => navigate(href)}>
      {children}
    </button>
  );
}

/** Navigation that looks like a button: a link, so that it has an address. */
export function ButtonLink({
  kind = 'plain',
  size = 'normal',
  icon,
  className,
  children,
  ...rest
}: ComponentPropsWithRef<'a'> & Pick<ButtonProps, 'kind' | 'size' | 'icon'>) {
  return (
    <a
      {...rest}
      className={cx(
        'btn',
        kind !== 'plain' && kind,
        size !== 'normal' && size,
        'no-underline',
        className,
      )}
    >
      {icon && <Icon name={icon} />}
      {children}
    </a>
  );
}
