import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, Running, type IconName } from './icon.tsx';

export type Tone = 'ok' | 'warn' | 'fail' | 'info' | 'plain';

/** The icon of each state, by shape: disc with tick, triangle, octagon with cross. */
export const toneIcon: Readonly<Record<'ok' | 'warn' | 'fail' | 'info', IconName>> = {
  ok: 'ok',
  warn: 'warn',
  fail: 'fail',
  info: 'info',
};

interface StateProps {
  readonly tone: Tone | 'running';
  /** The word of the state: never colour or shape alone. */
  readonly children: ReactNode;
  readonly icon?: IconName;
  readonly small?: boolean;
}

/** Shape, word, colour. */
export function StateIcon({ tone, children, icon, small = false }: StateProps) {
  const shape = icon ?? (tone === 'plain' || tone === 'running' ? null : toneIcon[tone]);
  return (
    <span
      className={cx(
        'state',
        small && 'small',
        tone === 'running' ? 'info' : tone !== 'plain' && tone,
      )}
    >
      {tone === 'running' ? (
        <Running size={small ? 14 : 16} />
      ) : (
        shape && <Icon name={shape} size={small ? 14 : 16} />
      )}
      {children}
    </span>
  );
}

interface BadgeProps {
  readonly tone?: Tone;
  readonly icon?: IconName;
  readonly children: ReactNode;
}

/** One or two words; not to press. Nothing that is normal gets one. */
export function Badge({ tone = 'plain', icon, children }: BadgeProps) {
  const shape = icon ?? (tone === 'plain' ? null : toneIcon[tone]);
  return (
    <span className={cx('badge', tone !== 'plain' && tone)}>
      {shape && <Icon name={shape} size={12} />}
      {children}
    </span>
  );
}

interface ChipProps {
  readonly icon?: IconName;
  readonly children: string;
  /** With it the chip has a × named "Remove <what>". */
  readonly onRemove?: () => void;
}

/** An agent, a collection, a file. */
export function Chip({ icon, children, onRemove }: ChipProps) {
  return (
    <span className="chip">
      {icon && <Icon name={icon} />}
      <span className="cut">{children}</span>
      {onRemove && (
        <button type="button" className="x" aria-label={`Remove ${children}`} onClick={onRemove}>
          <Icon name="close" />
        </button>
      )}
    </span>
  );
}

interface FilterChipProps {
  readonly icon?: IconName;
  readonly children: ReactNode;
  readonly pressed: boolean;
  readonly onPress: () => void;
}

/** A filter that is on or off. */
export function FilterChip({ icon, children, pressed, onPress }: FilterChipProps) {
  return (
    <button type="button" className="chip" aria-pressed={pressed} onClick={onPress}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
