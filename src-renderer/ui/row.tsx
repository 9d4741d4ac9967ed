import type { ComponentPropsWithRef, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, Running, type IconName } from './icon.tsx';
import { useRoving } from './roving.ts';

/** A heading inside a list column. */
export function Section({ title, end }: { readonly title: string; readonly end?: ReactNode }) {
  return (
    <div className="section">
      <h3>{title}</h3>
      {end !== undefined && <span className="end">{end}</span>}
    </div>
  );
}

/** Rows of one list: arrows move, one tab stop. `label` names the list. */
export function Rows({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}) {
  const { ref, onKeyDown, onFocus } = useRoving<HTMLUListElement>('.row');
  return (
    // The handlers only carry focus between the links inside, which do the work.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <ul className="rows" aria-label={label} ref={ref} onKeyDown={onKeyDown} onFocus={onFocus}>
      {children}
    </ul>
  );
}

/**
 * Rows to pick one thing from, whatever its name: options, so that a conversation that is called
 * "Knowledge" is not another link of that name. Holds `PickRow`s.
 */
export function PickList({
  label,
  className,
  children,
}: {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  const { ref, onKeyDown, onFocus } = useRoving<HTMLDivElement>('[role="option"]');
  return (
    <div
      className={cx('rows', className)}
      role="listbox"
      aria-label={label}
      tabIndex={-1}
      ref={ref}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
    >
      {children}
    </div>
  );
}

interface RowContent {
  readonly icon: IconName;
  readonly title: string;
  /** A second line makes the row 48 high. */
  readonly second?: ReactNode;
  /** At the right: a time, a count, or the word of what needs the person. */
  readonly meta?: ReactNode;
  /** Work runs behind this row: the arc replaces its icon. */
  readonly busy?: boolean;
}

function Content({ icon, title, second, meta, busy }: RowContent) {
  return (
    <>
      {busy ? <Running /> : <Icon name={icon} />}
      {second === undefined ? (
        <span className="cut" title={title}>
          {title}
        </span>
      ) : (
        <span className="lines">
          <span className="cut" title={title}>
            {title}
          </span>
          <span className="cut">{second}</span>
        </span>
      )}
      {meta !== undefined && <span className="meta num">{meta}</span>}
    </>
  );
}

type RowLinkProps = RowContent &
  Omit<ComponentPropsWithRef<'a'>, 'title'> & { readonly current?: boolean };

/** A row that leads somewhere: one `li` with a link. */
export function RowLink(props: RowLinkProps) {
  const { own, current, className, content } = split(props);
  return (
    <li>
      <a {...own} className={className} aria-current={current ? 'true' : undefined}>
        {content}
      </a>
    </li>
  );
}

/** A row of a `PickList`. It has an address, as a link has. */
export function PickRow(props: RowLinkProps) {
  const { own, current, className, content } = split(props);
  return (
    <a {...own} className={className} role="option" aria-selected={current}>
      {content}
    </a>
  );
}

type RowButtonProps = RowContent &
  Omit<ComponentPropsWithRef<'button'>, 'title' | 'type'> & { readonly current?: boolean };

/** A row that does something in place. */
export function RowButton(props: RowButtonProps) {
  const { own, current, className, content } = split(props);
  return (
    <li>
      <button
        {...own}
        type="button"
        className={className}
        aria-current={current ? 'true' : undefined}
      >
        {content}
      </button>
    </li>
  );
}

/** What every row draws, apart from what its element takes. */
function split<P extends RowContent & { readonly current?: boolean; readonly className?: string }>({
  icon,
  title,
  second,
  meta,
  busy = false,
  current = false,
  className,
  ...own
}: P) {
  return {
    own,
    current,
    className: cx('row', second !== undefined && 'two', busy && 'busy', className),
    content: <Content icon={icon} title={title} second={second} meta={meta} busy={busy} />,
  };
}
