import { expect } from '@playwright/test';
import { readFileSync, writeFileSync } from 'node:fs';
import { defaultScript, type Script } from '../../helpers/sse-server.ts';
import { addCollection, addProvider } from '../desk.ts';
import { chatStates } from './full-chat.ts';
import { knowledgeStates, libraryStates, otherStates } from './full-rest.ts';
import { fullAnswer, others, question, runbooks, serviceCode } from './data.ts';
import { EDITED, startTeam } from './library-team.ts';
import type { Scene, Stage } from './stage.ts';

/** What the provider says: the one long answer, the short ones of the list, and what goes wrong by name. */
function scriptFor(asked: string): Script | undefined {
  if (asked.startsWith('Go on for ever')) {
    return async (exchange) => {
      const half = fullAnswer.slice(0, fullAnswer.indexOf('> After'));
      for (const piece of half.match(/.{1,40}/gsu) ?? []) await exchange.delta(piece);
      await exchange.silence();
    };
  }
  if (asked.startsWith('Refuse')) {
    return (exchange) => {
      exchange.json(401, { error: { message: 'Incorrect API key provided' } });
    };
  }
  const other = others.find(([title]) => title === asked);
  return defaultScript({ answer: other?.[1] ?? fullAnswer });
}

async function prepare({ app, provider, root }: Stage): Promise<void> {
  const team = startTeam(root);
  const engine = await app.engine();
  await engine.stream('library.connect', { source: { kind: 'remote', url: team.bare } });
  writeFileSync(
    app.libraryFile(EDITED),
    `${readFileSync(app.libraryFile(EDITED), 'utf8')}\nAnswer in at most 200 words.\n`,
  );
  await addCollection(app, 'Runbooks', runbooks);
  await addCollection(app, 'Service code', {
    ...serviceCode,
    'docs/poster-scan.pdf': Buffer.from('%PDF-1.7\n'),
  });
  const server = await provider({
    models: ['desk-large', 'desk-small'],
    script: (_n, request) => scriptFor(request.body?.messages.at(-1)?.content.trim() ?? ''),
  });
  await addProvider(app, server, { id: 'office' });
  const gone = await provider({ models: ['another-model-with-a-long-name'] });
  await addProvider(app, gone, { id: 'basement' });
  await gone.close();
  await engine.call('providers.test', { id: 'basement' });
  for (const [text] of others.toReversed())
    await engine.stream('chat.send', { text, collections: [] });
  const collections = ['Runbooks', 'Service code'];
  const events = await engine.stream('chat.send', { text: question, collections });
  const done = events.find((event) => event.type === 'done');
  expect(done?.type).toBe('done');
  await engine.call('settings.set', { key: 'onboarding.done', value: true });
}

/** A workspace at work: a team's library, two providers, two collections, conversations. */
export const full: Scene = {
  name: 'full',
  prepare,
  states: [...chatStates, ...knowledgeStates, ...libraryStates, ...otherStates],
};
