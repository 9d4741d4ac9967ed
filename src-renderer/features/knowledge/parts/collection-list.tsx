import type { ReactNode } from 'react';
import type { Collection } from '../../../../src-contract/knowledge.ts';
import { ListBody, ListHead } from '../../../frame/screen.tsx';
import { hrefFor } from '../../../route.ts';
import { count, counted } from '../../../ui/format.ts';
import { PickList, PickRow, Section } from '../../../ui/row.tsx';

/** The list column of Knowledge: all collections together, the team's, and those of this machine. */
export function CollectionList({
  collections,
  current,
}: {
  readonly collections: readonly Collection[];
  /** Empty for all together. */
  readonly current: string;
}): ReactNode {
  const files = collections.reduce((sum, each) => sum + each.files, 0);
  return (
    <>
      <ListHead title="Knowledge" />
      <ListBody>
        <PickList label="All">
          <PickRow
            icon="search"
            title="All collections"
            meta={count(files)}
            current={current === ''}
            href={hrefFor('knowledge')}
          />
        </PickList>
        <Group
          title="From the team library"
          origin="library"
          collections={collections}
          current={current}
        />
        <Group title="On this machine" origin="local" collections={collections} current={current} />
      </ListBody>
    </>
  );
}

function Group(props: {
  readonly title: string;
  readonly origin: Collection['origin'];
  readonly collections: readonly Collection[];
  readonly current: string;
}): ReactNode {
  const rows = props.collections.filter(({ origin }) => origin === props.origin);
  if (rows.length === 0) return null;
  return (
    <>
      <Section title={props.title} />
      <PickList label={props.title}>
        {rows.map((each) => (
          <PickRow
            key={each.name}
            icon={
              each.origin === 'library' ? 'knowledge' : each.sources.length > 0 ? 'folder' : 'text'
            }
            title={each.name}
            second={says(each)}
            meta={count(each.files)}
            busy={each.state === 'indexing'}
            current={each.name === props.current}
            href={hrefFor('knowledge', each.name)}
          />
        ))}
      </PickList>
    </>
  );
}

function says({ state, failed, chunks }: Collection): ReactNode {
  if (state === 'indexing') return 'Indexing';
  if (state === 'failed') {
    // What was indexed before a stop is found; of a broken index there is nothing.
    return chunks > 0 ? (
      <span className="warn">Not complete, index again</span>
    ) : (
      <span className="fail">Not searchable, index again</span>
    );
  }
  if (failed > 0) return <span className="warn">{counted(failed, 'file')} failed</span>;
  return counted(chunks, 'passage');
}
