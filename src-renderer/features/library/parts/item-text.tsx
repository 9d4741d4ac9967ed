import { useMemo, useState, type ReactNode } from 'react';
import type { ItemKind, ParsedItem } from '../../../../src-contract/library.ts';
import { CopyButton } from '../../../markdown/copy-button.tsx';
import { Markdown } from '../../../markdown/markdown.tsx';
import { MarkdownContext } from '../../../markdown/markdown-context.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { hrefFor } from '../../../route.ts';
import { GoButton } from '../../../ui/button.tsx';
import { Facts } from '../../../ui/parts.tsx';
import { Segment } from '../../../ui/segment.tsx';
import { Variables } from './variables.tsx';

/** Kinds whose body is prose; the rest is shown as it stands. */
const PROSE = /\.(?:md|markdown)$/iu;

interface ItemTextProps {
  readonly path: string;
  readonly kind: ItemKind;
  readonly parsed: ParsedItem;
  /** Rows of facts before those that the text gives. */
  readonly facts?: readonly (readonly [label: string, value: ReactNode])[];
}

const NO_FACTS: NonNullable<ItemTextProps['facts']> = [];

/** What an item says: description, facts, opening questions, variables, body. Also of an older version, or of text that is being written. */
export function ItemText({ path, kind, parsed, facts = NO_FACTS }: ItemTextProps): ReactNode {
  const isProse = PROSE.test(path);
  const [view, setView] = useState<'text' | 'source'>('text');
  const context = useMemo(() => ({ headingShift: 2, citation: null }), []);
  const rendered = isProse && view === 'text';
  const rows: NonNullable<ItemTextProps['facts']> = [
    ...facts,
    ['Route', parsed.route && <VisibleText key="route" text={parsed.route} />],
    [
      'Knowledge',
      parsed.collections.length > 0 ? <Collections key="c" names={parsed.collections} /> : null,
    ],
    [
      'Tools',
      parsed.tools.length > 0 ? <VisibleText key="tools" text={parsed.tools.join(', ')} /> : null,
    ],
  ];
  return (
    <>
      {parsed.description !== '' && (
        <p className="item-says">
          <VisibleText text={parsed.description} />
        </p>
      )}
      {rows.some(([, value]) => value !== null) && <Facts rows={rows} />}
      <Starters agent={kind === 'agent' ? parsed.name : null} starters={parsed.starters} />
      {parsed.variables.length > 0 && <Variables variables={parsed.variables} />}
      <section aria-label="Body">
        <div className="item-bar">
          <h2>{kind === 'agent' ? 'Instructions' : 'Text'}</h2>
          {isProse && (
            <Segment
              name="Show as"
              value={view}
              onChange={setView}
              options={[
                { value: 'text', label: 'Text' },
                { value: 'source', label: 'Source' },
              ]}
            />
          )}
          <CopyButton label="Copy text" text={() => parsed.body} />
        </div>
        {rendered ? (
          <div className="item-body">
            <MarkdownContext value={context}>
              <Markdown text={parsed.body} />
            </MarkdownContext>
          </div>
        ) : (
          <pre className="item-source">
            <code>
              <VisibleText text={parsed.body} />
            </code>
          </pre>
        )}
      </section>
    </>
  );
}

function Collections({ names }: { readonly names: readonly string[] }): ReactNode {
  return names.map((name, i) => (
    <span key={name}>
      {i > 0 && ', '}
      <GoButton href={hrefFor('knowledge', name)}>
        <VisibleText text={name} />
      </GoButton>
    </span>
  ));
}

function Starters({
  agent,
  starters,
}: {
  readonly agent: string | null;
  readonly starters: readonly string[];
}): ReactNode {
  if (agent === null || starters.length === 0) return null;
  return (
    <section aria-label="Opening questions">
      <div className="item-bar">
        <h2>Opening questions</h2>
      </div>
      <ul className="item-starters">
        {starters.map((question) => (
          <li key={question}>
            <GoButton href={hrefFor('chat', '', { agent, ask: question })}>
              <VisibleText text={question} />
            </GoButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
