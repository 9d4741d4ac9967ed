import { useMemo, useState, type ReactNode } from 'react';
import type { ItemDetail } from '../../../../src-contract/library.ts';
import { CopyButton } from '../../../markdown/copy-button.tsx';
import { Markdown } from '../../../markdown/markdown.tsx';
import { MarkdownContext } from '../../../markdown/markdown-context.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { hrefFor } from '../../../route.ts';
import { Banner } from '../../../ui/banner.tsx';
import { GoButton } from '../../../ui/button.tsx';
import { Facts } from '../../../ui/parts.tsx';
import { Segment } from '../../../ui/segment.tsx';
import { kindOf } from '../kinds.ts';
import { Variables } from './variables.tsx';

/** Kinds whose body is prose; the rest is shown as it stands. */
const PROSE = /\.(?:md|markdown)$/iu;

/** One item: what its front matter says, its variables and starters, its body. */
export function ItemView({ item }: { readonly item: ItemDetail }): ReactNode {
  const isProse = PROSE.test(item.path);
  const [view, setView] = useState<'text' | 'source'>('text');
  const context = useMemo(() => ({ headingShift: 2, citation: null }), []);
  const rendered = isProse && view === 'text';
  return (
    <div className="item">
      {item.problems.length > 0 && (
        <Banner tone="warn" title="Its front matter has a problem; the rest is usable.">
          <VisibleText text={item.problems.join(' ')} />
        </Banner>
      )}
      {item.state !== 'clean' && (
        <Banner
          tone="info"
          title={item.state === 'edited' ? 'You edited this file.' : 'This file was deleted here.'}
        >
          {item.state === 'edited'
            ? 'It differs from the team’s version. Updates leave it as it is.'
            : 'The team’s version is shown.'}
        </Banner>
      )}
      {item.description !== '' && (
        <p className="item-says">
          <VisibleText text={item.description} />
        </p>
      )}
      <Facts
        rows={[
          ['Kind', kindOf(item).one],
          ['Route', item.route && <VisibleText key="route" text={item.route} />],
          [
            'Knowledge',
            item.collections.length > 0 ? <Collections key="c" names={item.collections} /> : null,
          ],
          [
            'Tools',
            item.tools.length > 0 ? <VisibleText key="tools" text={item.tools.join(', ')} /> : null,
          ],
        ]}
      />
      <Starters item={item} />
      {item.variables.length > 0 && <Variables variables={item.variables} />}
      <section aria-label="Body">
        <div className="item-bar">
          <h2>{item.kind === 'agent' ? 'Instructions' : 'Text'}</h2>
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
          <CopyButton label="Copy text" text={() => item.body} />
        </div>
        {rendered ? (
          <div className="item-body">
            <MarkdownContext value={context}>
              <Markdown text={item.body} />
            </MarkdownContext>
          </div>
        ) : (
          <pre className="item-source">
            <code>
              <VisibleText text={item.body} />
            </code>
          </pre>
        )}
      </section>
    </div>
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

function Starters({ item }: { readonly item: ItemDetail }): ReactNode {
  if (item.starters.length === 0) return null;
  return (
    <section aria-label="Opening questions">
      <div className="item-bar">
        <h2>Opening questions</h2>
      </div>
      <ul className="item-starters">
        {item.starters.map((question) => (
          <li key={question}>
            <GoButton href={hrefFor('chat', '', { agent: item.name, ask: question })}>
              <VisibleText text={question} />
            </GoButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
