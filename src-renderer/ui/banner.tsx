import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';
import { toneIcon } from './state.tsx';

interface BannerProps {
  readonly tone: 'ok' | 'warn' | 'fail' | 'info';
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
      <Icon name={toneIcon[tone]} className={tone} />
      <div className="says">
        <strong>{title}</strong>
        {children && <p>{children}</p>}
      </div>
      {actions && <div className="do">{actions}</div>}
    </div>
  );
}
