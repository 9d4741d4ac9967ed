import { memo, useMemo, useState, type ReactNode } from 'react';
import { MarkdownDocument, type Block } from './markdown-document.ts';
import { renderTokens } from './render-tokens.tsx';
import './markdown.css';

/**
 * Markdown of others, safe and incremental: hand it the whole text each time, what did not change is
 * neither parsed nor drawn again. Wrap it in `MarkdownContext` for citations and heading levels.
 */
export const Markdown = memo(function Markdown({ text }: { readonly text: string }): ReactNode {
  const [document] = useState(() => new MarkdownDocument());
  const groups = useMemo(() => document.update(text), [document, text]);
  return (
    <div className="md">
      {groups.map((blocks) => (
        <Group key={blocks[0]?.start} blocks={blocks} />
      ))}
    </div>
  );
});

const Group = memo(function Group({ blocks }: { readonly blocks: readonly Block[] }): ReactNode {
  return blocks.map((block) => <BlockView key={block.start} block={block} />);
});

const BlockView = memo(function BlockView({ block }: { readonly block: Block }): ReactNode {
  return renderTokens(block.tokens);
});
