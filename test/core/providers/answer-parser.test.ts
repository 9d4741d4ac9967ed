import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnswerParser } from '../../../src-main/core/providers/answer-parser.ts';
import { chunk } from '../../helpers/sse-server.ts';

const context = { providerId: 'p', model: 'm', local: true };

const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
const delta = fc.record({
  text: fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })),
  eol: lineEnd,
  comment: fc.boolean(),
  split: fc.boolean(),
});

/** One event in one of the many legal spellings. */
function spell({
  text,
  eol,
  comment,
  split,
}: typeof delta extends fc.Arbitrary<infer T> ? T : never): string {
  const json = JSON.stringify(chunk({ content: text }));
  // Only between tokens: a line break inside a JSON string would be another document.
  const data = split ? json.replace(',"object"', `${eol}data:,"object"`) : json;
  return `${comment ? `: ping${eol}` : ''}data: ${data}${eol}${eol}`;
}

test('any way of cutting a body into reads gives the same text', () => {
  fc.assert(
    fc.property(
      fc.array(delta, { maxLength: 12 }),
      fc.array(fc.nat(400), { maxLength: 30 }),
      fc.boolean(),
      (deltas, cuts, bom) => {
        const body = `${bom ? '\uFEFF' : ''}${deltas.map(spell).join('')}`;
        const bytes = new TextEncoder().encode(
          `${body}data: ${JSON.stringify(chunk({}, 'stop'))}\n\ndata: [DONE]\n\n`,
        );
        const parser = new AnswerParser(context, null);
        let text = '';
        let at = 0;
        for (const cut of cuts) {
          text += parser.feed(bytes.subarray(at, at + cut));
          at += cut;
        }
        text += parser.feed(bytes.subarray(at)) + parser.end();
        expect(parser.failure).toBeNull();
        // A lone surrogate can't be told in UTF-8, so what JSON says of it is what counts.
        expect(text).toBe(deltas.map((one) => one.text).join(''));
        expect(parser).toMatchObject({ finish: 'stop', done: true });
      },
    ),
    { numRuns: 400 },
  );
});

test('no body whatsoever throws, or ends well without the word for it', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc
      .constantFrom(
        'data: ',
        '\n\n',
        '{"choices":',
        '[',
        '{"delta":',
        'null',
        '}',
        ']',
        '"x"',
        'event: error\n',
      )
      .map((text) => new TextEncoder().encode(text)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const parser = new AnswerParser(context, null);
      for (const bytes of pieces) parser.feed(bytes);
      parser.end();
      expect(parser.finish).toBeNull();
    }),
    { numRuns: 400 },
  );
});
