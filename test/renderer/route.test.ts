import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hrefFor, parseHash, screens } from '../../src-renderer/route.ts';

test('reads places and their query', () => {
  expect(parseHash('#/chat/abc')).toMatchObject({ screen: 'chat', rest: 'abc' });
  expect(parseHash('#/library/prompts/a%20b.md')).toMatchObject({
    screen: 'library',
    rest: 'prompts/a b.md',
  });
  expect(parseHash('#/knowledge/Notes?file=x%3Fy.md').query.get('file')).toBe('x?y.md');
});

test('what it does not know is Chat', () => {
  for (const hash of ['', '#', '#/', '#/nowhere/else', '#chatter']) {
    expect(parseHash(hash), hash).toMatchObject({ screen: 'chat', rest: '' });
  }
});

test('a stray % of a typed address does not throw', () => {
  expect(parseHash('#/library/100%')).toMatchObject({ screen: 'library', rest: '100%' });
});

test('every address reads back as what it was made of', () => {
  const part = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 20 })
    .filter((text) => !text.includes('/') && text.isWellFormed());
  fc.assert(
    fc.property(
      fc.constantFrom(...screens),
      fc.array(part, { maxLength: 4 }),
      part,
      (screen, parts, value) => {
        const route = parseHash(hrefFor(screen, parts.join('/'), { q: value }));
        expect(route.screen).toBe(screen);
        expect(route.rest).toBe(parts.join('/'));
        expect(route.query.get('q')).toBe(value);
      },
    ),
  );
});

test('empty query values are left out', () => {
  expect(hrefFor('chat', '', { ask: null, collection: '' })).toBe('#/chat');
});
