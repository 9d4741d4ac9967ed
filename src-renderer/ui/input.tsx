import { useId, useState, type ComponentPropsWithRef, type ReactNode } from 'react';
import { cx } from './cx.ts';
import { IconButton } from './icon-button.tsx';
import { Icon, type IconName } from './icon.tsx';

interface FieldProps {
  readonly label: string;
  /** Label for screen readers only, where the place already says what it is. */
  readonly labelHidden?: boolean;
  readonly hint?: ReactNode;
  /** What is wrong, as a sentence; the field is marked invalid. */
  readonly error?: string | null | undefined;
}

type TextProps = FieldProps &
  Omit<ComponentPropsWithRef<'input'>, 'size' | 'type'> & {
    readonly icon?: IconName;
    readonly size?: 'normal' | 'small';
    /** Beside the text, inside the edge. */
    readonly end?: ReactNode;
    readonly type?: 'text' | 'url' | 'password' | 'number' | 'search';
  };

/** One line of text with its label, hint and error tied together. */
export function Input({
  label,
  labelHidden = false,
  hint,
  error,
  icon,
  end,
  size = 'normal',
  type = 'text',
  className,
  ...rest
}: TextProps) {
  const id = useId();
  const invalid = Boolean(error);
  return (
    <div className={cx('field', className)}>
      <label className={labelHidden ? 'sr' : 'label'} htmlFor={id}>
        {label}
      </label>
      <div className={cx('input', size, invalid && 'invalid', rest.disabled && 'off')}>
        {icon && <Icon name={icon} />}
        <input
          {...rest}
          id={id}
          type={type}
          aria-invalid={invalid || undefined}
          aria-describedby={invalid ? `${id}-wrong` : hint ? `${id}-hint` : undefined}
        />
        {end}
      </div>
      {hint && !invalid && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {invalid && (
        <p className="wrong" id={`${id}-wrong`} role="alert">
          <Icon name="fail" size={14} />
          {error}
        </p>
      )}
    </div>
  );
}

type SearchProps = Omit<
  TextProps,
  'type' | 'icon' | 'end' | 'value' | 'onChange' | 'labelHidden'
> & {
  readonly value: string;
  readonly onText: (text: string) => void;
};

/** A search field; Escape and × empty it. Its role is `searchbox`. */
export function SearchInput({ value, onText, onKeyDown, ...rest }: SearchProps) {
  return (
    <Input
      {...rest}
      labelHidden
      type="search"
      icon="search"
      value={value}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => onText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && value !== '') {
          event.stopPropagation();
          event.preventDefault();
          onText('');
        }
        onKeyDown?.(event);
      }}
      end={
        value !== '' && (
          <IconButton
            icon="close"
            name="Clear the search"
            size="tiny"
            className="-mr-1.5"
            onClick={() => onText('')}
          />
        )
      }
    />
  );
}

/** A key or token: hidden until asked for, never remembered by the browser. */
export function Secret(props: Omit<TextProps, 'type' | 'icon' | 'end'>) {
  const [shown, setShown] = useState(false);
  return (
    <Input
      autoComplete="off"
      spellCheck={false}
      {...props}
      icon="key"
      type={shown ? 'text' : 'password'}
      end={
        <IconButton
          icon={shown ? 'hide' : 'show'}
          name={shown ? 'Hide the key' : 'Show the key'}
          size="tiny"
          className="-mr-1.5"
          onClick={() => setShown(!shown)}
        />
      }
    />
  );
}

type AreaProps = FieldProps & ComponentPropsWithRef<'textarea'>;

/** Several lines of text. */
export function TextArea({
  label,
  labelHidden = false,
  hint,
  error,
  className,
  ...rest
}: AreaProps) {
  const id = useId();
  return (
    <div className={cx('field', className)}>
      <label className={labelHidden ? 'sr' : 'label'} htmlFor={id}>
        {label}
      </label>
      <div className={cx('input area', error && 'invalid')}>
        <textarea
          {...rest}
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-wrong` : hint ? `${id}-hint` : undefined}
        />
      </div>
      {hint && !error && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className="wrong" id={`${id}-wrong`} role="alert">
          <Icon name="fail" size={14} />
          {error}
        </p>
      )}
    </div>
  );
}
