import { useEffect, useState } from 'react';
import { create } from 'zustand';
import { Button } from './button.tsx';
import { IconButton } from './icon-button.tsx';
import { Icon } from './icon.tsx';

/** Long enough to read a line and reach Undo; it waits while the pointer or focus is on it. */
const SHOW_MS = 6_000;

interface Toast {
  readonly key: number;
  readonly text: string;
  readonly onUndo: () => void;
}

const useToast = create<{ readonly toast: Toast | null }>(() => ({ toast: null }));
let nextKey = 1;

/** Says what was done and offers to undo it. One at a time; never for an error. */
export function showUndo(text: string, onUndo: () => void): void {
  useToast.setState({ toast: { key: nextKey++, text, onUndo } });
}

function dismiss(): void {
  useToast.setState({ toast: null });
}

/** Once, at the end of the window. */
export function ToastPlace() {
  const toast = useToast((state) => state.toast);
  return (
    <div role="status" aria-live="polite">
      {toast && <ToastBox key={toast.key} toast={toast} />}
    </div>
  );
}

function ToastBox({ toast }: { readonly toast: Toast }) {
  const [hovered, setHovered] = useState(false);
  const [focused, setFocused] = useState(false);
  const held = hovered || focused;
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(dismiss, SHOW_MS);
    return () => clearTimeout(timer);
  }, [held]);
  return (
    <div
      className="toast"
      onMouseEnter={() => setHovered(true)}
      onMouseLeave={() => setHovered(false)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      <Icon name="ok" className="ok" />
      <span>{toast.text}</span>
      <Button
        size="small"
        kind="quiet"
        icon="undo"
        onClick={() => {
          dismiss();
          toast.onUndo();
        }}
      >
        Undo
      </Button>
      <IconButton icon="close" name="Dismiss" onClick={dismiss} />
    </div>
  );
}
