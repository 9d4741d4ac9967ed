import { useId, type ComponentPropsWithRef, type ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';

interface CheckProps {
  readonly label: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
  readonly className?: string;
}

/** A choice that waits for a button. */
export function Check({ label, checked, onChange, disabled, className }: CheckProps) {
  return (
    <label className={cx('choice', className)}>
      <input
        className="sr"
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span className="check">
        <Icon name="tick" />
      </span>
      {label}
    </label>
  );
}

/** A choice that acts at once. `label` is its name; show it beside with `children`, or leave them out. */
export function Switch({
  label,
  checked,
  onChange,
  disabled,
  children,
}: Omit<CheckProps, 'label'> & { readonly label: string; readonly children?: ReactNode }) {
  return (
    <span className="choice">
      {children && <span aria-hidden>{children}</span>}
      <button
        type="button"
        role="switch"
        className="switch"
        aria-checked={checked}
        aria-label={label}
        disabled={disabled}
        onClick={() => onChange(!checked)}
      />
    </span>
  );
}

interface RadioCardProps {
  /** The same for all cards of one question. */
  readonly group: string;
  readonly title: ReactNode;
  readonly text: ReactNode;
  readonly checked: boolean;
  readonly onChoose: () => void;
  readonly badge?: ReactNode;
  readonly disabled?: boolean;
  /** What belongs to this choice (fields, lists): stands below, outside the label. */
  readonly children?: ReactNode;
}

/** One answer of a question as a card. Put the cards into an element with `role="radiogroup"` and a name. */
export function RadioCard(props: RadioCardProps) {
  const id = useId();
  return (
    <div className={cx('card opt', props.checked && 'on')}>
      <label className="opt-head">
        <input
          className="sr"
          type="radio"
          name={props.group}
          checked={props.checked}
          disabled={props.disabled}
          onChange={props.onChoose}
          aria-describedby={`${id}-text`}
          aria-labelledby={`${id}-title`}
        />
        <span className="radio" />
        <span className="grow">
          <strong className="opt-title" id={`${id}-title`}>
            {props.title}
          </strong>
          <span className="opt-text" id={`${id}-text`}>
            {props.text}
          </span>
        </span>
        {props.badge}
      </label>
      {props.children && <div className="opt-more">{props.children}</div>}
    </div>
  );
}

/** The system's own list of choices: the fastest one for many options. */
export function Select({
  label,
  labelHidden = false,
  hint,
  className,
  children,
  ...rest
}: ComponentPropsWithRef<'select'> & {
  readonly label: string;
  readonly labelHidden?: boolean;
  readonly hint?: ReactNode;
}) {
  const id = useId();
  return (
    <div className={cx('field', className)}>
      <label className={labelHidden ? 'sr' : 'label'} htmlFor={id}>
        {label}
      </label>
      <span className="select-box">
        <select
          {...rest}
          className="select"
          id={id}
          aria-describedby={hint ? `${id}-hint` : undefined}
        >
          {children}
        </select>
        <Icon name="down" size={12} />
      </span>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
