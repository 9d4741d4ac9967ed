import { Fragment } from 'react';
import { hrefFor, type ScreenName } from '../route.ts';
import { counted } from '../ui/format.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { useRoving } from '../ui/roving.ts';
import { Tooltip } from '../ui/tooltip.tsx';
import { useAttention } from './attention.ts';

const PLACES: readonly {
  readonly screen: ScreenName;
  readonly name: string;
  readonly icon: IconName;
}[] = [
  { screen: 'chat', name: 'Chat', icon: 'chat' },
  { screen: 'knowledge', name: 'Knowledge', icon: 'knowledge' },
  { screen: 'library', name: 'Library', icon: 'library' },
  { screen: 'health', name: 'Health', icon: 'health' },
  { screen: 'settings', name: 'Settings', icon: 'settings' },
];

/** The way between screens. A number means: so many things need you; a dot: something waits without hurry. */
export function Rail({ current }: { readonly current: ScreenName }) {
  const attention = useAttention();
  const { ref, onKeyDown, onFocus } = useRoving<HTMLElement>('.rail-item');
  return (
    // The handlers only carry focus between the links inside.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <nav
      className="rail"
      aria-label="Sections"
      data-region="rail"
      ref={ref}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
    >
      {PLACES.map(({ screen, name, icon }) => {
        const { count = 0, quiet = null } = attention[screen] ?? {};
        const says = count > 0 ? `${counted(count, 'thing needs', 'things need')} you` : quiet;
        return (
          <Fragment key={screen}>
            <Tooltip text={says ? `${name}: ${says}` : name} side="right" describes={false}>
              <a
                className={screen === 'settings' ? 'rail-item mt-auto' : 'rail-item'}
                href={hrefFor(screen)}
                aria-label={name}
                aria-describedby={says ? `attention-${screen}` : undefined}
                aria-current={screen === current ? 'page' : undefined}
              >
                <Icon name={icon} size={20} />
                {count > 0 && (
                  // Drawn by the style sheet: as text it would belong to the link's name.
                  <span className="count" data-count={count} aria-hidden />
                )}
                {count === 0 && quiet !== null && <span className="count quiet" aria-hidden />}
              </a>
            </Tooltip>
            {says && (
              <span hidden id={`attention-${screen}`}>
                {says}
              </span>
            )}
          </Fragment>
        );
      })}
    </nav>
  );
}
