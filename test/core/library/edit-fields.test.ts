import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { setField } from '../../../src-main/core/library/items/edit-front-matter.ts';
import { splitFrontMatter } from '../../../src-main/core/library/items/front-matter.ts';
import { parseItem } from '../../../src-main/core/library/items/parse-item.ts';

describe('setting one field', () => {
  test.each([
    ['a comment behind it', 'name: a # why\nx: 1\n', 'name: "b: c" # why\nx: 1\n'],
    ['quotes', "x: 1\nname: 'a'\n", 'x: 1\nname: "b: c"\n'],
    ['no value', 'name:\nx: 1\n', 'name: "b: c"\nx: 1\n'],
    ['no value and a comment', 'name: # none\n', 'name: "b: c" # none\n'],
    ['no field', '# first\nx: {b: 1, a: 2}\n', 'name: "b: c"\n# first\nx: {b: 1, a: 2}\n'],
    ['a block', 'name: >-\n  a\n  long one\nx: 1\n', 'name: "b: c"\nx: 1\n'],
    ['several lines', 'name: a\n  and more\nx: 1\n', 'name: "b: c"\nx: 1\n'],
    ['an anchor', 'name: &n a\n', 'name: &n "b: c"\n'],
    [
      'line ends of Windows',
      'x: 1\r\nname: a # é\r\ny: 2\r\n',
      'x: 1\r\nname: "b: c" # é\r\ny: 2\r\n',
    ],
    ['nothing at all', '', 'name: "b: c"\n'],
    ['a mapping in one line', '{ name: a, x: 1 }\n', '{ name: "b: c", x: 1 }\n'],
  ])('keeps all else: %s', (_what, yaml, expected) => {
    const [before, after] = [yaml, expected].map((each) => `\ufeff---\n${each}---\r\n\r\nbody\r\n`);
    expect(setField(before ?? '', 'name', 'b: c')).toBe(after);
  });

  test.each([
    ['no front matter', 'body'],
    ['no closing line', '---\nname: a\n'],
    ['broken YAML', '---\nname: [\n---\n'],
    ['a list', '---\nname: [a]\n---\n'],
    ['no mapping', '---\n- a\n---\n'],
    ['an anchor that something else uses', '---\nname: &n a\ntitle: *n\n---\n'],
    ['too long', `---\nname: a\nx: ${'y'.repeat(70_000)}\n---\n`],
  ])('is not done with %s', (_what, text) => {
    expect(setField(text, 'name', 'b')).toBeNull();
  });

  test('changes this field only, or nothing, whatever there is', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '# c',
        'x: 1',
        'list:',
        '  - a',
        'name: a',
        'name: "a" # c',
        'name: |',
        '  text',
        'y: &a 1',
        'z: *a',
      ),
      fc.string().map((text) => `k: ${text}`),
    );
    const value = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.constantFrom('null', '12', '- x', '#', ''),
    );
    let done = 0;
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), value, (lines, text) => {
        const before = `---\n${lines.join('\n')}\n---\nbody`;
        const after = setField(before, 'name', text);
        if (after === null) return;
        done += 1;
        const [old, now] = [splitFrontMatter(before), splitFrontMatter(after)];
        expect(now).toEqual({ ...old, fields: { ...old.fields, name: text } });
        const comments = (source: string) => source.match(/^# c$/gm)?.length ?? 0;
        expect(comments(after)).toBe(comments(before));
      }),
      { numRuns: 500 },
    );
    expect(done).toBeGreaterThan(50);
  });
});

test('a skill says where it is not one of Agent Skills', () => {
  const problems = (front: string) =>
    parseItem('skill', 'skills/notes/SKILL.md', Buffer.from(`---\n${front}\n---\nSteps.\n`))
      .problems;
  expect(problems('name: notes\ndescription: d')).toEqual([]);
  expect(problems('name: notes')).toEqual(['It has no "description".']);
  expect(problems('name: other\ndescription: d').join()).toContain('not that of its folder');
  for (const name of ['Notes', 'a--b', '-a', 'a b', 'x'.repeat(65)]) {
    expect(problems(`name: ${name}\ndescription: d`).join(), name).toContain('single hyphens');
  }
});
