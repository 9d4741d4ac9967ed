import { memo, useState, type ReactNode } from 'react';
import { Icon } from '../ui/icon.tsx';
import { CopyButton } from './copy-button.tsx';
import { VisibleText } from './visible-text.tsx';

/** A block of code in its own box: name of the language, wrap, copy. Scrolls sideways by itself only. */
export const CodeBlock = memo(function CodeBlock({
  code,
  language,
}: {
  readonly code: string;
  readonly language: string;
}): ReactNode {
  const [wrap, setWrap] = useState(false);
  const name = language === '' ? 'text' : language;
  return (
    <div className="md-code">
      <header>
        <span className="grow cut">
          <VisibleText text={name} />
        </span>
        <button
          type="button"
          className="btn icon small quiet"
          aria-label="Wrap lines"
          title="Wrap lines"
          aria-pressed={wrap}
          onClick={() => setWrap(!wrap)}
        >
          <Icon name="wrap" />
        </button>
        <CopyButton label="Copy code" text={() => code} />
      </header>
      <pre
        className={wrap ? 'md-wrap' : undefined}
        // Focusable so that long lines can be scrolled with the keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label={`Code, ${name}`}
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a fieldset is a form's
        role="group"
      >
        <code>
          <VisibleText text={code} />
        </code>
      </pre>
    </div>
  );
});
