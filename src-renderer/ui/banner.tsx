import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, type IconName } from './icon.tsx';
import { toneIcon } from './state.tsx';

interface BannerProps {
  readonly tone: 'ok' | 'warn' | 'fail' | 'info';
  /** Where the state has a shape of its own: a conflict, a cloud that is away. */
  readonly icon?: IconName | undefined;
  /** One strong sentence: the state. */
  readonly title: ReactNode;
  /** One line: the cause, and first what is safe. */
  readonly children?: ReactNode;
  /** One or two remedy buttons. */
  readonly actions?: ReactNode;
  /** Buttons below the words, for narrow places. */
  readonly stacked?: boolean;
  /** Over the whole width below the title bar. */
  readonly thin?: boolean;
}

/** Stays until solved; at most one per view, more go to Health. Spoken when it appears. */
export function Banner({
  tone,
  icon,
  title,
  children,
  actions,
  stacked = false,
  thin = false,
}: BannerProps) {
  return (
    <div
      className={cx('banner', tone !== 'info' && tone, stacked && 'stacked', thin && 'thin')}
      role={tone === 'fail' ? 'alert' : 'status'}
    >
      <Icon name={icon ?? toneIcon[tone]} className={tone} />
      <div className="says">
        <strong>{title}</strong>
        {children && <p>{children}</p>}
      </div>
      {actions && <div className="do">{actions}</div>}
    </div>
  );
}
