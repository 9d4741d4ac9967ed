import type { ReactNode } from 'react';
export function LinkDialog({
  href,
  onClose,
}: {
  readonly href: string;
  readonly onClose: () => void;
}): ReactNode {
  return (
    <button type="button" onClick={onClose}>
      {href}
    </button>
  );
}
