import { createElement, Fragment, useContext, type ReactNode } from 'react';
import { CodeBlock } from './code-block.tsx';
import { ImageChip } from './image-chip.tsx';
import { MarkdownContext } from './markdown-context.ts';
import type { Token } from './parser.ts';
import { SafeLink } from './safe-link-view.tsx';
import { CitedText, VisibleText } from './visible-text.tsx';

/** Tags that an opening token may become; whatever else a parser makes is shown as its text. */
const PLAIN_TAGS: ReadonlySet<string> = new Set([
  'p', 'ul', 'li', 'blockquote', 'thead', 'tbody', 'tr', 'em', 'strong', 's',
]); // prettier-ignore

/** Tokens of markdown-it as React elements. Nothing of the text ever becomes a tag or an attribute by itself. */
export function renderTokens(tokens: readonly Token[]): ReactNode[] {
  return renderUntilClose(tokens, { at: 0 });
}

function renderUntilClose(tokens: readonly Token[], cursor: { at: number }): ReactNode[] {
  const nodes: ReactNode[] = [];
  for (;;) {
    const token = tokens[cursor.at];
    if (!token) return nodes;
    const key = cursor.at++;
    if (token.nesting === -1) return nodes;
    if (token.nesting === 1) {
      const children = renderUntilClose(tokens, cursor);
      nodes.push(<Fragment key={key}>{renderOpen(token, children)}</Fragment>);
    } else {
      nodes.push(<Fragment key={key}>{renderSingle(token)}</Fragment>);
    }
  }
}

function renderOpen(token: Token, children: ReactNode[]): ReactNode {
  if (token.hidden) return children;
  if (PLAIN_TAGS.has(token.tag)) return createElement(token.tag, null, ...children);
  switch (token.type) {
    case 'heading_open':
      return (
        <Heading level={Number(token.tag.slice(1))} depth={Number(token.meta?.['depth'] ?? 1)}>
          {children}
        </Heading>
      );
    case 'ordered_list_open':
      return <ol start={Number(token.attrGet('start') ?? 1)}>{children}</ol>;
    case 'table_open':
      return (
        // Focusable so that a wide table can be scrolled with the keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/prefer-tag-over-role
        <div className="md-table" role="group" aria-label="Table" tabIndex={0}>
          <table>{children}</table>
        </div>
      );
    case 'th_open':
      return <th className={alignment(token)}>{children}</th>;
    case 'td_open':
      return <td className={alignment(token)}>{children}</td>;
    case 'link_open':
      return <SafeLink href={String(token.attrGet('href') ?? '')}>{children}</SafeLink>;
    default:
      return children;
  }
}

function renderSingle(token: Token): ReactNode {
  switch (token.type) {
    case 'inline':
      return renderTokens(token.children ?? []);
    case 'text':
      return <CitedText text={token.content} />;
    case 'softbreak':
      return '\n';
    case 'hardbreak':
      return <br />;
    case 'code_inline':
      return (
        <code>
          <VisibleText text={token.content} />
        </code>
      );
    case 'fence':
      return <CodeBlock code={token.content} language={token.info.trim().split(/\s/u)[0] ?? ''} />;
    case 'code_block':
      return <CodeBlock code={token.content} language="" />;
    case 'hr':
      return <hr />;
    case 'image':
      return (
        <ImageChip alt={plain(token.children ?? [])} src={String(token.attrGet('src') ?? '')} />
      );
    case 'reference_definition':
      return null;
    default:
      return <VisibleText text={token.content} />;
  }
}

function Heading({
  level,
  depth,
  children,
}: {
  /** As its author wrote it: how it looks. */
  readonly level: number;
  /** Its place in the outline: what it is. */
  readonly depth: number;
  readonly children: ReactNode;
}): ReactNode {
  const { headingShift } = useContext(MarkdownContext);
  return createElement(
    `h${Math.min(6, depth + headingShift)}`,
    { className: `md-h md-h${level}` },
    children,
  );
}

function alignment(token: Token): string | undefined {
  const style = String(token.attrGet('style') ?? '');
  if (style.endsWith('right')) return 'md-right';
  return style.endsWith('center') ? 'md-center' : undefined;
}

/** Text of inline tokens without their marks: what an image's description says. */
function plain(tokens: readonly Token[]): string {
  return tokens.map((token) => (token.children ? plain(token.children) : token.content)).join('');
}
