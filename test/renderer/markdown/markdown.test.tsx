import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { MarkdownContext } from '../../../src-renderer/markdown/markdown-context.ts';
import { MarkdownDocument } from '../../../src-renderer/markdown/markdown-document.ts';
import { Markdown } from '../../../src-renderer/markdown/markdown.tsx';
import { renderTokens } from '../../../src-renderer/markdown/render-tokens.tsx';
import { nastyMarkdown, REAL_DOCUMENTS } from './documents.helper.ts';
import { ATTACKS } from './attacks.helper.ts';

function html(text: string): string {
  return renderToStaticMarkup(<Markdown text={text} />);
}

/** Every tag of a piece of HTML with its attributes, and nothing of its text. */
function tags(
  markup: string,
): { readonly name: string; readonly attributes: Map<string, string> }[] {
  return [...markup.matchAll(/<([a-zA-Z!?][^\s/>]*)((?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*\/?>/gu)].map(
    (tag) => ({
      name: (tag[1] ?? '').toLowerCase(),
      attributes: new Map(
        [...(tag[2] ?? '').matchAll(/([^\s=]+)(?:="([^"]*)")?/gu)].map((a) => [
          (a[1] ?? '').toLowerCase(),
          a[2] ?? '',
        ]),
      ),
    }),
  );
}

const TAGS = new Set([
  'div', 'p', 'ul', 'ol', 'li', 'blockquote', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'em', 'strong', 's', 'code', 'pre',
  'header', 'span', 'button', 'svg', 'path', 'br', 'hr', 'a', 'output', 'rect', 'circle', 'line', 'h2', 'h3', 'h4', 'h5', 'h6',
]); // prettier-ignore

function expectHarmless(markup: string, source: string): void {
  for (const { name, attributes } of tags(markup)) {
    expect(TAGS.has(name), `<${name}> from ${JSON.stringify(source)}`).toBe(true);
    for (const [attribute, value] of attributes) {
      expect(attribute, JSON.stringify(source)).not.toMatch(
        /^on|^src|^style$|^srcdoc$|^xlink|^formaction$|^ping$/u,
      );
      if (attribute !== 'href') continue;
      expect(name).toBe('a');
      expect(value, JSON.stringify(source)).toMatch(/^(?:https?:\/\/|mailto:)[^\s]/u);
    }
    if (name === 'a') expect(attributes.get('rel')).toBe('noreferrer noopener');
  }
  // A stray bracket would mean that text became markup in a way the tag pattern does not see.
  expect(
    markup.replaceAll(/<\/?[a-z][a-z0-9]*(?:\s+[a-zA-Z-]+(?:="[^"<>]*")?)*\s*\/?>/gu, ''),
  ).not.toMatch(/[<>]/u);
}

describe('hostile Markdown', () => {
  it.each(ATTACKS)('%j is harmless, whole and in every prefix', (attack) => {
    const document = new MarkdownDocument();
    for (let end = 1; end <= attack.length; end++) {
      const prefix = attack.slice(0, end);
      expectHarmless(html(prefix), prefix);
      const streamed = document
        .update(prefix)
        .flat()
        .map((block) => renderTokens(block.tokens));
      expectHarmless(renderToStaticMarkup(streamed), prefix);
    }
  });

  it('any mixture of attacks and Markdown is harmless', () => {
    const mixed = fc
      .array(fc.oneof(nastyMarkdown, fc.constantFrom(...ATTACKS)), { maxLength: 4 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(mixed, (text) => expectHarmless(html(text), text)),
      { numRuns: 300 },
    );
  });

  it('never asks for an image: its description and host are shown', () => {
    const markup = html(
      '![a <b>chart</b>](https://tracker.example/p.png?q=secret) ![][ref]\n\n[ref]: http://x.example/y',
    );
    expect(markup).not.toMatch(/<img|background|url\(/u);
    expect(markup).toContain('tracker.example');
    expect(markup).toContain('Image: no description (x.example)');
  });

  it('shows characters that turn the direction of text', () => {
    expect(html('abc\u202Egnp.exe')).toContain('U+202E');
    expect(html('`a\u2066b`')).toContain('U+2066');
    expect(html('```\nif (a\u2069)\n```')).toContain('U+2069');
    expect(html('x\u202E')).not.toContain('\u202E');
  });

  it('ends soon with text made to be slow', () => {
    for (const text of [
      '['.repeat(20_000),
      '*a_'.repeat(20_000),
      '> '.repeat(5_000),
      '`'.repeat(30_000),
      '![]('.repeat(8_000),
    ]) {
      const started = performance.now();
      html(text);
      expect(performance.now() - started).toBeLessThan(20_000);
    }
  });
});

describe('streaming draws what one drawing of the whole draws', () => {
  it.each(Object.entries(REAL_DOCUMENTS))('%s', (_name, text) => {
    const document = new MarkdownDocument();
    for (let end = 1; end <= text.length; end += 3) {
      const prefix = text.slice(0, end);
      const streamed = document
        .update(prefix)
        .flat()
        .map((block) => renderTokens(block.tokens));
      expect(renderToStaticMarkup(<div className="md">{streamed}</div>)).toBe(html(prefix));
    }
  });
});

describe('what is drawn', () => {
  it('tables, lists, headings below those of the page', () => {
    expect(html('# A\n\n## B')).toContain(
      '<h2 class="md-h md-h1">A</h2><h3 class="md-h md-h2">B</h3>',
    );
    // Whatever levels an author skips, the outline does not.
    const skipping = html('### C\n\n###### D\n\n# A\n\n> #### B');
    expect([...skipping.matchAll(/<(h\d)/gu)].map((tag) => tag[1])).toEqual([
      'h2',
      'h3',
      'h2',
      'h3',
    ]);
    expect(html('- a\n- b')).toBe('<div class="md"><ul><li>a</li><li>b</li></ul></div>');
    expect(html('- a\n\n- b')).toContain('<li><p>a</p></li>');
    expect(html('3. a')).toContain('<ol start="3">');
    expect(html('|a|b|\n|-:|-|\n|1|2|')).toContain('<th class="md-right">a</th><th>b</th>');
    expect(html('~~gone~~ *a* **b** `c`')).toContain(
      '<s>gone</s> <em>a</em> <strong>b</strong> <code>c</code>',
    );
  });

  it('a link says where it leads and is never relative', () => {
    expect(html('[a](https://example.org/x)')).toContain('href="https://example.org/x"');
    expect(html('[a](docs/x.md)')).toBe('<div class="md"><p>[a](docs/x.md)</p></div>');
  });

  it('citations that are known become chips, others stay text', () => {
    const value = {
      headingShift: 2,
      citation: (n: number) => (n <= 2 ? <button type="button">Source {n}</button> : null),
    };
    const draw = (text: string): string =>
      renderToStaticMarkup(
        <MarkdownContext value={value}>
          <Markdown text={text} />
        </MarkdownContext>,
      );
    expect(draw('so [1].')).toContain('so <button type="button">Source 1</button>.');
    expect(draw('so [1, 2]')).toContain('Source 1</button><button type="button">Source 2');
    expect(draw('so [1][2]')).toContain('Source 1</button><button type="button">Source 2');
    expect(draw('so [3] and [1, 3]')).toContain('so [3] and [1, 3]');
    expect(draw('`[1]` \\[1]')).not.toContain('<button type="button">Source');
    expect(draw('**[2]**')).toContain('<strong><button');
  });
});
