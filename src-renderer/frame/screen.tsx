import { useEffect, useRef, type CSSProperties, type ReactNode } from 'react';
import { useRoute } from '../route.ts';
import { cx } from '../ui/cx.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { setDrawer, useLayout } from './layout-state.ts';
import { ListEdge } from './list-edge.tsx';

interface ScreenProps {
  /** Name of the list column: "Conversations". */
  readonly listLabel: string;
  /** `ListHead` and what follows. */
  readonly list: ReactNode;
  /** `ContentHead` and what follows. */
  readonly children: ReactNode;
}

/** List column and content of one screen. Under 860 px the list is a drawer behind "Show the list". */
export function Screen({ listLabel, list, children }: ScreenProps) {
  const { listWidth, drawer } = useLayout();
  const route = useRoute();
  const aside = useRef<HTMLElement>(null);
  // Going somewhere closes the drawer.
  useEffect(() => {
    if (route) setDrawer(false);
  }, [route]);
  useEffect(() => {
    if (drawer) aside.current?.querySelector<HTMLElement>('[tabindex="0"], button, input')?.focus();
  }, [drawer]);
  return (
    <div className="screen" style={{ '--list-width': `${listWidth / 16}rem` } as CSSProperties}>
      {drawer && <div className="drawer-scrim" onClick={() => setDrawer(false)} aria-hidden />}
      {/* Escape of whatever is inside closes the drawer around it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <aside
        ref={aside}
        className={cx('list', drawer && 'out')}
        aria-label={listLabel}
        data-region="list"
        tabIndex={-1}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || !drawer) return;
          event.stopPropagation();
          setDrawer(false);
          document.querySelector<HTMLElement>('[data-drawer-button]')?.focus();
        }}
      >
        {list}
        <ListEdge />
      </aside>
      <main className="content" data-region="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

/** Head of the list column: its title and one or two buttons. */
export function ListHead({ title, end }: { readonly title: string; readonly end?: ReactNode }) {
  return (
    <div className="head">
      <h2>{title}</h2>
      {end && <div className="end">{end}</div>}
    </div>
  );
}

interface ContentHeadProps {
  readonly title: string;
  /** Beside the title: a badge, a chip, a line of counts. */
  readonly after?: ReactNode;
  /** Buttons at the right: quiet, plain, primary. */
  readonly end?: ReactNode;
}

/** Head of the content: the page's one `h1`. */
export function ContentHead({ title, after, end }: ContentHeadProps) {
  const drawer = useLayout((state) => state.drawer);
  return (
    <div className="head">
      <span className="drawer-button">
        <IconButton
          icon="panel"
          name="Show the list"
          aria-expanded={drawer}
          data-drawer-button
          onClick={() => setDrawer(!drawer)}
        />
      </span>
      <h1 className="cut" title={title}>
        {title}
      </h1>
      {after}
      {end && <div className="end">{end}</div>}
    </div>
  );
}

/** The scrolling part of a list column. */
export function ListBody({ children }: { readonly children: ReactNode }) {
  return <div className="min-h-0 flex-1 overflow-y-auto pb-4">{children}</div>;
}

/** The scrolling part of a page, with the page's padding. */
export function ContentBody({
  className,
  children,
}: {
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return <div className={cx('min-h-0 flex-1 overflow-y-auto p-6', className)}>{children}</div>;
}
