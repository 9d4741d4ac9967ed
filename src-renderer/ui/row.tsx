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
export function RowLink({
  icon,
  title,
  second,
  meta,
  busy,
  current,
  className,
  ...rest
}: RowLinkProps) {
  return (
    <li>
      <a
        {...rest}
        className={cx('row', second !== undefined && 'two', busy && 'busy', className)}
        aria-current={current ? 'true' : undefined}
      >
        <Content icon={icon} title={title} {...given({ second, meta, busy })} />
      </a>
    </li>
  );
}

/** A row of a `PickList`. It has an address, as a link has. */
export function PickRow({
  icon,
  title,
  second,
  meta,
  busy,
  current = false,
  className,
  ...rest
}: RowLinkProps) {
  return (
    <a
      {...rest}
      role="option"
      className={cx('row', second !== undefined && 'two', busy && 'busy', className)}
      aria-selected={current}
    >
      <Content icon={icon} title={title} {...given({ second, meta, busy })} />
    </a>
  );
}

type RowButtonProps = RowContent &
  Omit<ComponentPropsWithRef<'button'>, 'title' | 'type'> & { readonly current?: boolean };

/** A row that does something in place. */
export function RowButton({
  icon,
  title,
  second,
  meta,
  busy,
  current,
  className,
  ...rest
}: RowButtonProps) {
  return (
    <li>
      <button
        {...rest}
        type="button"
        className={cx('row', second !== undefined && 'two', busy && 'busy', className)}
        aria-current={current ? 'true' : undefined}
      >
        <Content icon={icon} title={title} {...given({ second, meta, busy })} />
      </button>
    </li>
  );
}

function given(parts: {
  second: ReactNode | undefined;
  meta: ReactNode | undefined;
  busy: boolean | undefined;
}): Partial<RowContent> {
  return {
    ...(parts.second === undefined ? {} : { second: parts.second }),
    ...(parts.meta === undefined ? {} : { meta: parts.meta }),
    ...(parts.busy === undefined ? {} : { busy: parts.busy }),
  };
}
