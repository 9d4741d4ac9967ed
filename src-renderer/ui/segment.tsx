import type { ReactNode } from 'react';
import { cx } from './cx.ts';

interface SegmentProps<T extends string> {
  /** What is chosen here; the name of the group. */
  readonly name: string;
  readonly value: T;
  readonly options: readonly {
    readonly value: T;
    readonly label: ReactNode;
    readonly disabled?: boolean;
  }[];
  readonly onChange: (value: T) => void;
  readonly size?: 'normal' | 'small';
}

/** Two to four choices of a mode, side by side. Never for navigation. */
export function Segment<T extends string>({
  name,
  value,
  options,
  onChange,
  size = 'small',
}: SegmentProps<T>) {
  return (
    <div className={cx('segment', size)} role="group" aria-label={name}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          disabled={option.disabled}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
