import { useState, type ReactNode } from 'react';
import { LinkDialog } from './link-dialog.tsx';
import { safeHref } from './safe-link.ts';

/** A link of a text of others: it opens after a question that shows where it leads. */
export function SafeLink({
  href,
  children,
}: {
  readonly href: string;
  readonly children: ReactNode;
}): ReactNode {
  const [asking, setAsking] = useState(false);
  const safe = safeHref(href);
  if (safe === null) return children;
  return (
    <>
      <a
        className="link"
        href={safe}
        title={safe}
        target="_blank"
        rel="noreferrer noopener"
        draggable={false}
        onClick={(event) => {
          event.preventDefault();
          setAsking(true);
        }}
        // The middle button opens without a click event.
        onAuxClick={(event) => event.preventDefault()}
      >
        {children}
      </a>
      {asking && <LinkDialog href={safe} onClose={() => setAsking(false)} />}
    </>
  );
}
