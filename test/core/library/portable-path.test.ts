import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldedPath, pathProblem } from '../../../src-main/core/library/portable-path.ts';

test.each([
  'a.md',
  'prompts/review/code.prompt.md',
  'caf\u00e9/\u65e5\u672c\u8a9e.md',
  'family \u{1f468}\u200d\u{1f469}.md',
  '.github/x.yml',
  'console.md',
  'com.md',
  'com10.md',
  'auxiliary/nullable.ts',
  '.gitignore',
  'x.git',
  "it's & (more), [or] less.md",
])('writes %s', (path) => {
  expect(pathProblem(path)).toBeNull();
});

test.each([
  '',
  '/',
  '/a',
  'a//b',
  'a/',
  '.',
  '..',
  'a/../b',
  'C:',
  'c:/x',
  'x:ads',
  'CON',
  'con.txt',
  'aux.md',
  'NUL .txt',
  'com\u00b2',
  'CONIN$',
  'a/.git/config',
  'a/.GIT',
  'GIT~1',
  '.g\u200cit',
  '.git.',
  '.git ',
  'dot.',
  'space ',
  'a\\b',
  'a*',
  'a?',
  'a"b',
  'a<b',
  'a|b',
  'line\nbreak',
  'bell\u0007',
  'del\u007f',
  '\u202egpj.exe',
  'x\u2066y',
  'x\ufeffy',
  'soft\u00adhyphen',
  'tag\u{e0041}',
  '\ud800',
  'n'.repeat(256),
  '\u00e9'.repeat(128),
  'd/'.repeat(40) + 'f',
  'long/'.repeat(40),
])('refuses %j', (path) => {
  expect(pathProblem(path)).toMatch(/./);
});

test('what passes has no name that a system reads otherwise', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (path) => {
      if (pathProblem(path) !== null) return;
      for (const name of path.split('/')) {
        expect(name).toMatch(/^[^<>:"|?*\\\p{Cc}]+$/u);
        expect(name).not.toMatch(/^\.{1,2}$|[. ]$|^\.git$/i);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('folds what some system takes for the same', () => {
  expect(foldedPath('Stra\u00dfe/Caf\u00e9')).toBe(foldedPath('STRASSE/cafe\u0301'));
  expect(foldedPath('a/b')).not.toBe(foldedPath('a/c'));
});
