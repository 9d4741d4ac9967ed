import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../helpers/imports.helper.ts';

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...filesBelow('docs', /\.md$/),
  ...filesBelow('assets/starter-library', /\.md$/),
];

describe('documents', () => {
  test('every error of the library is in the table of errors, and no other', () => {
    const known = codesIn(readFileSync(join(root, 'docs/operations.md'), 'utf8'), '`');
    const thrown = new Set(
      filesBelow('src-main', /\.ts$/).flatMap((file) => [
        ...codesIn(readFileSync(join(root, file), 'utf8'), "'"),
      ]),
    );
    expect(thrown.size).toBeGreaterThan(40);
    expect([...thrown].filter((code) => !known.has(code))).toEqual([]);
    expect([...known].filter((code) => !thrown.has(code))).toEqual([]);
  });

  test('links between documents lead to a file, and to a heading of it', () => {
    const broken = documents.flatMap((file) =>
      linksOf(file)
        .filter((link) => !leadsSomewhere(file, link))
        .map((link) => `${file}: ${link}`),
    );
    expect(documents.flatMap(linksOf).length).toBeGreaterThan(50);
    expect(broken).toEqual([]);
  });
});

/** `library/…` between two quotes of this kind. */
function codesIn(text: string, quote: string): ReadonlySet<string> {
  const pattern = new RegExp(`${quote}(library/[a-z]+(?:-[a-z]+)*)${quote}`, 'g');
  return new Set([...text.matchAll(pattern)].map(([, code]) => code ?? ''));
}

function linksOf(file: string): readonly string[] {
  const text = withoutCode(readFileSync(join(root, file), 'utf8'));
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link ?? '')
    .filter((link) => !/^[a-z]+:/.test(link));
}

function leadsSomewhere(file: string, link: string): boolean {
  const [path = '', heading] = link.split('#');
  const target = path === '' ? join(root, file) : resolve(root, dirname(file), path);
  if (!existsSync(target)) return false;
  return heading === undefined || headingsOf(target).has(heading);
}

/** Headings as forges make links of them: lower case, hyphens for spaces, other signs left out. */
function headingsOf(target: string): ReadonlySet<string> {
  const text = withoutCode(readFileSync(target, 'utf8'), '');
  return new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Fenced blocks are no text; nor is code in a line, where `inline` is what stands for it. */
function withoutCode(text: string, inline?: ''): string {
  const prose = text.replaceAll(/^```[^]*?^```/gm, '');
  return inline === undefined ? prose.replaceAll(/`[^`\n]*`/g, '') : prose;
}

function filesBelow(folder: string, name: RegExp): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .toSorted();
}
