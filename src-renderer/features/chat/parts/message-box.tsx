import { useEffect, useLayoutEffect, useRef, type ReactNode } from 'react';

interface MessageBoxProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly describedBy?: string;
  readonly invalid?: boolean;
  /** The focus begins here, after the text. */
  readonly startHere?: boolean;
  readonly onText: (text: string) => void;
  readonly onEnter: () => void;
  readonly onEscape?: () => void;
}

/** Key code of keys that an input method keeps for itself, in browsers that say nothing else. */
const IN_COMPOSITION = 229;

/** A text box that grows with its text. Enter acts, Shift+Enter begins a line; an input method's Enter only ends its word. */
export function MessageBox(props: MessageBoxProps): ReactNode {
  const box = useRef<HTMLTextAreaElement>(null);
  const { value, startHere = false } = props;
  useLayoutEffect(() => {
    const area = box.current;
    if (!area) return;
    // Measured from nothing, else it could only grow.
    area.style.height = 'auto';
    if (value !== '') area.style.height = `${area.scrollHeight}px`;
  }, [value]);
  useEffect(() => {
    const area = box.current;
    if (!startHere || !area) return;
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  }, [startHere]);
  return (
    <textarea
      ref={box}
      className="message-box"
      aria-label={props.label}
      aria-describedby={props.describedBy}
      aria-invalid={props.invalid || undefined}
      placeholder={props.placeholder}
      rows={1}
      value={value}
      onChange={(event) => props.onText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.onEscape?.();
        if (event.key !== 'Enter' || event.shiftKey || event.altKey) return;
        if (event.nativeEvent.isComposing || event.keyCode === IN_COMPOSITION) return;
        event.preventDefault();
        props.onEnter();
      }}
    />
  );
}
