import { Fragment, type ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, type IconName } from './icon.tsx';

interface EmptyProps {
  readonly icon: IconName;
  /** One strong line: "No collection yet". */
  readonly title: string;
  /** One sentence: what to do first. */
  readonly children?: ReactNode;
  /** One button. */
  readonly action?: ReactNode;
}

/** An empty screen says what to do first; a filtered one offers "Clear the filter". */
export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div className="empty">
      <Icon name={icon} size={20} />
      <strong>{title}</strong>
      {children && <span className="max-w-measure">{children}</span>}
      {action && <span className="mt-1">{action}</span>}
    </div>
  );
}

/** Label and value, two columns of 12 px. A null value leaves its row out. */
export function Facts({
  rows,
  className,
}: {
  readonly rows: readonly (readonly [label: string, value: ReactNode])[];
  readonly className?: string;
}) {
  return (
    <dl className={cx('facts', className)}>
      {rows.map(
        ([label, value]) =>
          value !== null && (
            <Fragment key={label}>
              <dt>{label}</dt>
              <dd className="num">{value}</dd>
            </Fragment>
          ),
      )}
    </dl>
  );
}

/** A raised sheet. Cards do not nest. */
export function Card({
  className,
  children,
}: {
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return <div className={cx('card', className)}>{children}</div>;
}

/** A key on the keyboard. */
export function Key({ children }: { readonly children: string }) {
  return <kbd>{children}</kbd>;
}

/** Text with marked parts: pairs of start and end offsets in UTF-16 units, in order. */
export function Marked({
  text,
  marks,
}: {
  readonly text: string;
  readonly marks: readonly (readonly [number, number])[];
}) {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const [start, end] of marks) {
    if (start < at || end <= start) continue;
    parts.push(text.slice(at, start), <mark key={start}>{text.slice(start, end)}</mark>);
    at = end;
  }
  parts.push(text.slice(at));
  return <>{parts}</>;
}
