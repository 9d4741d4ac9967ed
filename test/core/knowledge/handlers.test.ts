import { afterEach, beforeEach, expect, test } from 'vitest';
import { contract } from '../../../src-contract/index.ts';
import type { IndexEvent } from '../../../src-contract/knowledge.ts';
import { knowledgeHandlers } from '../../../src-main/router/handlers/knowledge.ts';
import { Bench } from './knowledge.helper.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.dispose());

test('what the routes answer is what the contract says', async () => {
  const routes = knowledgeHandlers(bench.service);
  const { signal } = new AbortController();
  const call = { signal, cancelStream: () => false };
  const events: IndexEvent[] = [];
  const stream = { signal, emit: async (event: IndexEvent) => void events.push(event) };
  bench.write('a.md', '# Otter\n\nA raft of otters.\n');
  bench.write('b.pdf', '%PDF');

  await routes['knowledge.add']({ collection: 'A', paths: [bench.docs] }, stream);
  await routes['knowledge.reindex']({ collection: 'A', rebuild: true }, stream);
  expect(events.filter((event) => event.type === 'done')).toHaveLength(2);
  for (const event of events) contract['knowledge.add'].event.parse(event);

  const uploaded = await routes['knowledge.upload'](
    {
      collection: 'A',
      uploadId: 'u',
      path: 'up.md',
      offset: 0,
      last: true,
      data: Buffer.from('An uploaded otter.').toString('base64'),
    },
    call,
  );
  contract['knowledge.upload'].output.parse(uploaded);

  const collections = await routes['knowledge.collections']({}, call);
  contract['knowledge.collections'].output.parse(collections);
  expect(collections.collections).toMatchObject([{ name: 'A', files: 3, state: 'ready' }]);

  const files = await routes['knowledge.files'](
    { collection: 'A', offset: 1, limit: 2, only: 'all' },
    call,
  );
  contract['knowledge.files'].output.parse(files);
  expect(files).toMatchObject({ total: 3, files: [{ path: 'b.pdf' }, { path: 'up.md' }] });

  const found = await routes['knowledge.search']({ query: 'otter', k: 5, mode: 'lexical' }, call);
  contract['knowledge.search'].output.parse(found);
  expect(found.results).toHaveLength(2);

  const passage = await routes['knowledge.passage'](
    { collection: 'A', path: 'a.md', startLine: 1, endLine: 1, context: 5 },
    call,
  );
  contract['knowledge.passage'].output.parse(passage);
  expect(passage.title).toBe('Otter');

  const browsed = await routes['knowledge.browse']({ path: bench.docs }, call);
  contract['knowledge.browse'].output.parse(browsed);
  expect(browsed.entries).toHaveLength(2);

  expect(await routes['knowledge.remove']({ collection: 'A' }, call)).toEqual({ files: 3 });
});

test('an evaluation is refused through its route where there is nothing to score', async () => {
  const routes = knowledgeHandlers(bench.service);
  const { signal } = new AbortController();
  await expect(
    routes['knowledge.eval']({ dir: bench.docs }, { signal, cancelStream: () => false }),
  ).rejects.toMatchObject({ code: 'knowledge/not-beir' });
});
