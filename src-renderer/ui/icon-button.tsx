import type { ComponentPropsWithRef } from 'react';
import type { ButtonProps } from './button.tsx';
import { cx } from './cx.ts';
import { Icon, Running, type IconName } from './icon.tsx';
import { Tooltip } from './tooltip.tsx';

export interface IconButtonProps extends Omit<
  ComponentPropsWithRef<'button'>,
  'type' | 'aria-label'
> {
  readonly icon: IconName;
  /** What a press does, as a verb: the accessible name. */
  readonly name: string;
  /** Shown on hover and focus; the name when left out. Put the key there: "New conversation (Ctrl N)". */
  readonly tip?: string;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  readonly kind?: ButtonProps['kind'];
  readonly size?: ButtonProps['size'];
  readonly busy?: boolean;
  readonly pressed?: boolean;
}

export function IconButton({
  icon,
  name,
  tip,
  side,
  kind = 'quiet',
  size = 'small',
  busy = false,
  pressed,
  className,
  onClick,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip
      text={tip ?? name}
      describes={tip !== undefined && tip !== name}
      {...(side ? { side } : {})}
    >
      <button
        {...rest}
        type="button"
        className={cx(
          'btn icon',
          kind !== 'plain' && kind,
          size !== 'normal' && size,
          pressed && 'on',
          className,
        )}
        aria-label={name}
        aria-pressed={pressed}
        aria-disabled={busy || undefined}
        aria-busy={busy || undefined}
        onClick={busy ? (event) => event.preventDefault() : onClick}
      >
        {busy ? <Running /> : <Icon name={icon} />}
      </button>
    </Tooltip>
  );
}
