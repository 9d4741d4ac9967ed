import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chunk, type Chunk } from '../../../src-main/core/knowledge/text/chunk.ts';
import { kindOf, type TextKind } from '../../../src-main/core/knowledge/text/kinds.ts';
import { linesOf } from '../../../src-main/core/knowledge/text/lines.ts';

const KINDS: readonly TextKind[] = ['markdown', 'text', 'code'];

/** Every line that is not blank is in exactly one chunk, in order; no chunk begins or ends blank. */
function checkCover(lines: readonly string[], chunks: readonly Chunk[]): void {
  let next = 1;
  for (const { startLine, endLine } of chunks) {
    expect(startLine).toBeGreaterThanOrEqual(next);
    expect(endLine).toBeGreaterThanOrEqual(startLine);
    expect(endLine).toBeLessThanOrEqual(lines.length);
    expect(
      lines
        .slice(next - 1, startLine - 1)
        .join('')
        .trim(),
    ).toBe('');
    expect(lines[startLine - 1]?.trim()).not.toBe('');
    expect(lines[endLine - 1]?.trim()).not.toBe('');
    next = endLine + 1;
  }
  expect(
    lines
      .slice(next - 1)
      .join('')
      .trim(),
  ).toBe('');
}

const line = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('', '', '   ', '\t') },
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      '# One',
      '## Two ##',
      '### ',
      '#no',
      'Title',
      '===',
      '---',
      '```',
      '```ts',
      '~~~',
      '- item',
      '> quote',
      'export function parseAll(x) {',
      '  return x;',
      '}',
      '};',
      'class Walker:',
      '    def step(self):',
      '// a comment',
      '@decorator',
      '#include <a>',
      'pub fn run() -> u8 {',
      'const a = 1;',
      '</template>',
      'x'.repeat(2_500),
      '| a | b |',
    ),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
);
const text = fc
  .tuple(fc.array(line, { maxLength: 200 }), fc.constantFrom('\n', '\r\n', '\r'))
  .map(([parts, end]) => parts.join(end));

describe('any text', () => {
  test.each(KINDS)('%s chunks cover it in order', (kind) => {
    fc.assert(
      fc.property(text, (value) => {
        const lines = linesOf(value);
        checkCover(lines, chunk(kind, lines));
      }),
      { numRuns: 300 },
    );
  });

  test('code chunks have 60 lines at most', () => {
    fc.assert(
      fc.property(text, (value) => {
        const lines = linesOf(value);
        for (const part of chunk('code', lines)) {
          expect(part.endLine - part.startLine + 1).toBeLessThanOrEqual(60);
        }
      }),
    );
  });

  test('lines are those of an editor', () => {
    expect(linesOf('a\r\nb\rc\nd')).toEqual(['a', 'b', 'c', 'd']);
    expect(linesOf('a\n')).toEqual(['a']);
    expect(linesOf('')).toEqual([]);
    expect(linesOf('\n')).toEqual(['']);
  });
});

describe('Markdown', () => {
  test('titles are heading paths, and fences hold no headings', () => {
    const lines = linesOf(
      [
        '---',
        'title: x',
        '---',
        'Before.',
        '',
        '# Guide',
        'Hello.',
        '',
        '## Install `now`',
        '```sh',
        '# not a heading',
        '```',
        'Run it.',
        '',
        '### On [Linux](x)',
        'apt',
        '',
        'Usage',
        '-----',
        'Use it.',
        '',
        '# Other',
        'End.',
      ].join('\n'),
    );
    expect(
      chunk('markdown', lines).map((part) => [part.title, part.startLine, part.endLine]),
    ).toEqual([
      ['', 1, 4],
      ['Guide', 6, 7],
      ['Guide › Install now', 9, 13],
      ['Guide › Install now › On Linux', 15, 16],
      ['Guide › Usage', 18, 20],
      ['Other', 22, 23],
    ]);
  });
});

describe('code', () => {
  test('definitions begin chunks with their comments, and name them', () => {
    const body = (name: string): string[] => [
      `/** About ${name}. */`,
      `export function ${name}() {`,
      ...Array.from({ length: 16 }, (_, n) => `  step(${n});`),
      '}',
    ];
    const lines = [...body('openDoor'), '', ...body('closeDoor')];
    expect(chunk('code', lines)).toEqual([
      { startLine: 1, endLine: 19, title: 'openDoor', symbols: ['openDoor'] },
      { startLine: 21, endLine: 39, title: 'closeDoor', symbols: ['closeDoor'] },
    ]);
  });

  test('the inside of a long class is titled by the class', () => {
    const lines = [
      'class Engine {',
      ...Array.from({ length: 12 }, (_, n) => [
        `  method${n}() {`,
        '    a();',
        '    b();',
        '    c();',
        '    d();',
        '  }',
        '',
      ]).flat(),
      '}',
    ];
    const chunks = chunk('code', lines);
    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks.every((part) => part.title === 'Engine')).toBe(true);
    expect(chunks.at(-1)?.symbols).toContain('method11');
  });

  test('hostile lines take no time to speak of', () => {
    const started = performance.now();
    chunk(
      'code',
      Array.from({ length: 2_000 }, () => `${'a '.repeat(180)}(${'x('.repeat(19)}{`),
    );
    chunk(
      'markdown',
      Array.from({ length: 2_000 }, () => `#${' '.repeat(2_000)}x${'#'.repeat(900)}y`),
    );
    chunk(
      'markdown',
      Array.from({ length: 500 }, () => `x ${'![['.repeat(3_000)}\n`).flatMap((l) => ['# ' + l]),
    );
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test('real sources of this project are covered', () => {
    const root = join(import.meta.dirname, '../../../src-main');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
    const sources = files.filter((file) => kindOf(file) === 'code' && file.endsWith('.ts'));
    expect(sources.length).toBeGreaterThan(50);
    for (const file of sources) {
      const lines = linesOf(readFileSync(join(root, file), 'utf8'));
      checkCover(lines, chunk('code', lines));
    }
  });
});

test.each([
  ['readme.MD', 'markdown'],
  ['LICENSE', 'text'],
  ['a/b.txt', 'text'],
  ['Dockerfile', 'code'],
  ['CMakeLists.txt', 'code'],
  ['x.tsx', 'code'],
  ['.gitignore', 'text'],
  ['.env', 'secret'],
  ['.env.production', 'secret'],
  ['.env.example', 'unsupported'],
  ['id_ed25519', 'secret'],
  ['server.pem', 'secret'],
  ['a.docx', 'unsupported'],
  ['photo.JPG', 'unsupported'],
])('%s is %s', (path, kind) => {
  expect(kindOf(path)).toBe(kind);
});
