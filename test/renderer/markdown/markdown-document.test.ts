import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarkdownDocument, type Block } from '../../../src-renderer/markdown/markdown-document.ts';
import { createParser, type Token } from '../../../src-renderer/markdown/parser.ts';
import { nastyMarkdown, REAL_DOCUMENTS } from './documents.helper.ts';

const parser = createParser();

/** What a token means, without where it stands. */
function meaning(token: Token): unknown {
  const { type, tag, attrs, nesting, level, content, markup, info, hidden, children } = token;
  return {
    type,
    tag,
    attrs,
    nesting,
    level,
    content,
    markup,
    info,
    hidden,
    children: children?.map(meaning) ?? null,
  };
}

/** A definition shows nothing: the whole parse leaves its token out, here it is needed to know which are final. */
function meanings(groups: readonly (readonly Block[])[]): unknown[] {
  return groups
    .flat()
    .flatMap((block) => block.tokens)
    .filter((token) => token.type !== 'reference_definition')
    .map(meaning);
}

function whole(text: string): unknown[] {
  return parser.parse(text, {}).map(meaning);
}

describe('every prefix equals one parse of the whole', () => {
  for (const [name, text] of Object.entries(REAL_DOCUMENTS)) {
    it(`${name}, character by character`, () => {
      const document = new MarkdownDocument();
      for (let end = 1; end <= text.length; end++) {
        const prefix = text.slice(0, end);
        expect(meanings(document.update(prefix)), JSON.stringify(prefix)).toEqual(whole(prefix));
      }
    });
  }

  it('all documents one after the other', () => {
    const text = Object.values(REAL_DOCUMENTS).join('\n\n');
    const document = new MarkdownDocument();
    for (let end = 3; end <= text.length; end += 7) {
      const prefix = text.slice(0, end);
      expect(meanings(document.update(prefix)), JSON.stringify(prefix)).toEqual(whole(prefix));
    }
  });

  it('nasty Markdown in pieces of any size', () => {
    fc.assert(
      fc.property(
        nastyMarkdown,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (text, steps) => {
          const document = new MarkdownDocument();
          for (let end = 0, i = 0; end < text.length; i++) {
            end = Math.min(text.length, end + (steps[i % steps.length] ?? 1));
            const prefix = text.slice(0, end);
            expect(meanings(document.update(prefix))).toEqual(whole(prefix));
          }
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it('text that is replaced instead of continued', () => {
    fc.assert(
      fc.property(nastyMarkdown, nastyMarkdown, (first, second) => {
        const document = new MarkdownDocument();
        document.update(first);
        expect(meanings(document.update(second))).toEqual(whole(second));
      }),
      { numRuns: 200 },
    );
  });
});

describe('what is settled is not made again', () => {
  it('keeps the same block objects while text is appended', () => {
    const document = new MarkdownDocument();
    const before = document.update('First paragraph.\n\nSecond.\n\nThird\nline.\n').flat();
    const after = document.update('First paragraph.\n\nSecond.\n\nThird\nline.\n\nFourth.').flat();
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBe(before[1]);
    expect(after).toHaveLength(4);
  });

  it('keeps a full group as the same array in a long text', () => {
    const document = new MarkdownDocument();
    const text = Array.from({ length: 200 }, (_, i) => `Paragraph ${i}.\n\n`).join('');
    const before = document.update(text);
    const after = document.update(`${text}One more.`);
    expect(after[0]).toBe(before[0]);
    expect(after[3]).toBe(before[3]);
  });

  it('reads a tail of constant length however long the text is', () => {
    const parser = createParser();
    const lengths: number[] = [];
    const parse = parser.block.parse.bind(parser.block);
    parser.block.parse = (source, ...rest) => {
      lengths.push(source.length);
      return parse(source, ...rest);
    };
    const document = new MarkdownDocument(parser);
    let text = '';
    for (let i = 0; i < 400; i++)
      document.update((text += `Paragraph ${i} with [a link] and *more*.\n\n`));
    expect(Math.max(...lengths)).toBeLessThan(400);
  });
});
