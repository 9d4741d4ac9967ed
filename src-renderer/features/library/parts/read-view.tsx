import type { ReactNode } from 'react';
import type { ItemDetail } from '../../../../src-contract/library.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { hrefFor, navigate } from '../../../route.ts';
import { Banner } from '../../../ui/banner.tsx';
import { Button, GoButton } from '../../../ui/button.tsx';
import { STATES } from '../item-words.ts';
import { kindOf } from '../kinds.ts';
import { useKept } from '../kept-state.ts';
import { openDialog } from '../dialogs-state.ts';
import { ItemText } from './item-text.tsx';

/** One item to read, and how it stands to the team's version. */
export function ReadView({ item }: { readonly item: ItemDetail }): ReactNode {
  const unsaved = useKept((state) => state.drafts[item.path] !== undefined);
  const words = item.state === 'clean' ? null : STATES[item.state];
  const view = (name: string): string => hrefFor('library', item.path, { view: name });
  return (
    <div className="item">
      {unsaved ? (
        <Banner
          tone="warn"
          icon="edit"
          title="You have text here that is not saved."
          actions={
            <Button size="small" onClick={() => navigate(view('edit'))}>
              Go on writing
            </Button>
          }
        >
          Below is what is saved.
        </Banner>
      ) : (
        item.problems.length > 0 && (
          <Banner tone="warn" title="Its front matter has a problem; the rest is usable.">
            <VisibleText text={item.problems.join(' ')} />
          </Banner>
        )
      )}
      {item.state === 'deleted' && (
        <Banner
          tone="info"
          title="You deleted it here; the team still has it."
          actions={
            <Button size="small" icon="undo" onClick={() => openDialog({ kind: 'discard', item })}>
              Put it back
            </Button>
          }
        >
          Publish to delete it for the team too.
        </Banner>
      )}
      <ItemText
        path={item.path}
        kind={item.kind}
        parsed={item}
        facts={[
          ['Kind', kindOf(item).one],
          ['State', words && item.state !== 'deleted' ? words.says : null],
          [
            'Update',
            item.update ? (
              <span key="update">
                The team’s next version changes it.{' '}
                <GoButton href={hrefFor('library')}>See the update</GoButton>
              </span>
            ) : null,
          ],
        ]}
      />
      {item.parts.length > 0 && (
        <section aria-label="Other files">
          <div className="item-bar">
            <h2>Other files</h2>
          </div>
          <ul className="item-parts">
            {item.parts.map(({ path, state }) => (
              <li key={path}>
                <code>
                  <VisibleText text={path} />
                </code>
                {state !== 'clean' && <span className="ink-3 small">{STATES[state].word}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
