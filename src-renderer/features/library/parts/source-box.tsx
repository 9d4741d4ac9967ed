import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { count } from '../../../ui/format.ts';

/** What Tab writes: YAML knows no tabs. */
const INDENT = '  ';

interface SourceBoxProps {
  /** Accessible name. */
  readonly label: string;
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly invalid?: boolean;
}

/**
 * Where a source is written. Tab indents and Shift+Tab takes back; Escape gives Tab back its usual
 * way out, until the next key.
 */
export function SourceBox({ label, value, onText, invalid = false }: SourceBoxProps): ReactNode {
  const id = useId();
  const leaving = useRef(false);
  const [place, setPlace] = useState<readonly [line: number, column: number]>([1, 1]);

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    if (event.key === 'Escape') {
      leaving.current = true;
      return;
    }
    if (event.key !== 'Tab' || leaving.current || event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key !== 'Shift' && event.key !== 'Tab') leaving.current = false;
      return;
    }
    event.preventDefault();
    indent(event.currentTarget, event.shiftKey);
  }

  return (
    <div className="source">
      <textarea
        className="source-text"
        aria-label={label}
        aria-describedby={`${id}-keys`}
        aria-invalid={invalid || undefined}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        value={value}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => (leaving.current = false)}
        onSelect={(event) => setPlace(placeOf(event.currentTarget))}
      />
      <p className="source-foot num" id={`${id}-keys`}>
        <span>Tab indents; Esc, then Tab leaves</span>
        <span className="ml-auto" aria-hidden>
          {`Line ${count(place[0])}, column ${count(place[1])}`}
        </span>
      </p>
    </div>
  );
}

function placeOf({ value, selectionStart }: HTMLTextAreaElement): [number, number] {
  const before = value.slice(0, selectionStart);
  const line = before.split('\n').length;
  return [line, before.length - before.lastIndexOf('\n')];
}

/** Writes through the browser's own editing, which keeps its undo. */
function indent(area: HTMLTextAreaElement, back: boolean): void {
  const { value, selectionStart, selectionEnd } = area;
  if (!back && selectionStart === selectionEnd) {
    replace(area, INDENT);
    return;
  }
  const from = value.lastIndexOf('\n', selectionStart - 1) + 1;
  const block = value.slice(from, selectionEnd);
  const changed = block
    .split('\n')
    .map((line) => (back ? line.replace(/^ {1,2}|^\t/u, '') : INDENT + line))
    .join('\n');
  if (changed === block) return;
  area.setSelectionRange(from, selectionEnd);
  replace(area, changed);
  if (selectionStart === selectionEnd) {
    const at = Math.max(from, selectionStart - (block.length - changed.length));
    area.setSelectionRange(at, at);
  } else area.setSelectionRange(from, from + changed.length);
}

function replace(area: HTMLTextAreaElement, text: string): void {
  // Deprecated and without a successor: the only way in that the browser's undo knows of.
  // oxlint-disable-next-line typescript/no-deprecated
  const done = document.execCommand('insertText', false, text);
  if (done) return;
  area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
  area.dispatchEvent(new Event('input', { bubbles: true }));
}
