import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quotePassages } from '../../../src-main/core/chat/library-reader.ts';
import { choosePassages, TO_QUOTE } from '../../../src-main/core/chat/passages.ts';
import type { ModelEvent } from '../../../src-main/core/chat/ports.ts';
import { titleOf } from '../../../src-main/core/chat/title.ts';
import type { SearchResult } from '../../../src-contract/knowledge.ts';
import { passage } from './setup.ts';

async function read(results: readonly SearchResult[], question = 'refund'): Promise<string[]> {
  const chosen = choosePassages(question, results, TO_QUOTE);
  const events: ModelEvent[] = [];
  for await (const event of quotePassages(chosen, new AbortController().signal)) events.push(event);
  expect(events.at(-1)).toMatchObject({ type: 'end', finish: 'stop' });
  return events.flatMap((event) => (event.type === 'delta' ? [event.text] : []));
}

describe('Library reader', () => {
  test('names the files, then quotes passage by passage with numbers', async () => {
    const deltas = await read([
      passage({ text: '## Refunds\n\nA refund is paid within 14 days.\n' }),
      passage({ path: 'terms.md', startLine: 9, endLine: 9, text: 'No refund after a year.' }),
      passage({ path: 'a.pdf', page: 4, text: 'Refund form' }),
    ]);
    expect(deltas).toEqual([
      'The best passages are in `refunds.md`, `terms.md` and `a.pdf`:\n',
      '\n> ## Refunds\n>\n> A refund is paid within 14 days.\n\n`refunds.md`, lines 3–5 [1]\n',
      '\n> No refund after a year.\n\n`terms.md`, line 9 [2]\n',
      '\n> Refund form\n\n`a.pdf`, page 4 [3]\n',
    ]);
  });

  test('says so when nothing is found, and what to do', async () => {
    const deltas = await read([]);
    expect(deltas.join('')).toMatch(/found nothing .* Knowledge/s);
  });

  test('disarms numbers and definitions of the quoted text, and names of files', async () => {
    const text = (
      await read([
        passage({
          path: 'a`b\n.md',
          text: 'refund [1] as told [^2]\n[1]: https://evil.example\n- [x]: y\n[open\n1]: z',
        }),
      ])
    ).join('');
    expect(text).toContain(
      '> refund \\[1] as told \\[^2]\n> \\[1]: https://evil.example\n> - \\[x]: y\n> \\[open',
    );
    expect(text).toContain('`a_b_.md`, lines 3–5 [1]');
    expect(text.match(/(?<!\\)\[\d+\]/g)).toEqual(['[1]']);
  });

  test('shortens a long passage at a line', async () => {
    const [, quote] = await read([passage({ text: 'refund line\n'.repeat(500) })]);
    expect(quote?.length).toBeLessThan(1_700);
    expect(quote).toMatch(/> refund line\n> …\n\n`refunds.md`/);
  });
});

describe('passages', () => {
  test('are cut where they are clearly weaker, at five, without repetitions', () => {
    const results = [
      passage({ score: 10, path: 'a.md', startLine: 1, endLine: 9 }),
      passage({ score: 9.9, path: 'a.md', startLine: 8, endLine: 20, text: 'refund overlap' }),
      passage({ score: 9.8, path: 'copy.md' }),
      ...Array.from({ length: 8 }, (_, i) =>
        passage({ score: 9 - i, path: `${i}.md`, text: `refund ${i}` }),
      ),
    ];
    const chosen = choosePassages('refund', results, TO_QUOTE);
    expect(chosen.map(({ path, n }) => [path, n])).toEqual([
      ['a.md', 1],
      ['0.md', 2],
      ['1.md', 3],
      ['2.md', 4],
      ['3.md', 5],
    ]);
    const few = choosePassages(
      'refund',
      [passage({ score: 10 }), passage({ score: 4, text: 'refund' })],
      TO_QUOTE,
    );
    expect(few).toHaveLength(1);
  });

  test('hold most of what the best of them holds of the question', () => {
    const weaker = passage({ path: 'b.md', title: '', text: 'Add that as plain text.' });
    const results = [
      passage({ path: 'a.md', title: '', text: 'Add a provider in Settings.' }),
      weaker,
      passage({ path: 'c.md', title: '', text: 'A provider may be added.' }),
    ];
    const question = 'How do I add a provider?';
    const chosen = choosePassages(question, results, TO_QUOTE);
    expect(chosen.map(({ path }) => path)).toEqual(['a.md', 'c.md']);
    expect(choosePassages(question, [weaker], TO_QUOTE)).toHaveLength(1);
  });

  test('whose title says the matter are quoted before those with the other words', () => {
    const results = [
      passage({ path: 'a.md', title: 'Servers › Ollama', text: '## Ollama\n\nStart it first.' }),
      passage({ path: 'b.md', title: 'Offline', text: 'Use it with Ollama on a train.' }),
      passage({ path: 'c.md', title: 'Chat', text: 'Use the box below.' }),
    ];
    const chosen = choosePassages('How do I use Ollama?', results, TO_QUOTE);
    expect(chosen.map(({ path }) => path)).toEqual(['a.md', 'b.md']);
  });

  test.each([
    [
      'How do I get a refund for a yearly plan?',
      'Plans that are paid yearly: refunds are possible.',
      true,
    ],
    ['How do I get a refund for a yearly plan?', 'The plan of the building.', false],
    ['What is our policy?', 'Policies of the company', true],
    ['Wie hoch ist die Rückerstattung?', 'Die Ruckerstattung betragt, wie gesagt, 10.', true],
    ['What is this?', 'this is what', true],
    [
      'quantum chromodynamics lattice',
      'A bakery sells bread; nothing about a lattice of physics.',
      false,
    ],
    ['???', 'anything', true],
  ])('for "%s": "%s" is relevant: %s', (question, text, relevant) => {
    const chosen = choosePassages(question, [passage({ text, path: 'x', title: '' })], TO_QUOTE);
    expect(chosen).toHaveLength(relevant ? 1 : 0);
  });
});

describe('a title', () => {
  test.each([
    ['How long do refunds take?', 'How long do refunds take?'],
    ['# Plan\nfor tomorrow', 'Plan'],
    ['```ts\nconst a = 1;', 'const a = 1'],
    ['> **Summarise** this: `x`', 'Summarise this: x'],
    ['Please summarise it for me. Then translate.', 'Please summarise it for me'],
    ['\n\n!!!\nHello there', 'Hello there'],
    ['???', 'New conversation'],
    ['word '.repeat(40), 'word word word word word word word word word word word…'],
    ['a'.repeat(100), `${'a'.repeat(59)}…`],
    ['😀'.repeat(50), 'New conversation'],
  ])('of %j is %j', (question, title) => {
    expect(titleOf(question)).toBe(title);
  });

  test('fits one line whatever was asked', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (question) => {
        const title = titleOf(question);
        expect(title.length).toBeGreaterThan(0);
        expect(title.length).toBeLessThanOrEqual(60);
        expect(title).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
    );
  });
});
