import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Where colours are decided. The app icon and a person's own images are the other two exceptions. */
const TOKENS = 'src-renderer/theme/tokens.css';

const HEX = /#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b(?!\/)/i;
const FUNCTION = /\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|light-dark)\(/i;
/** Properties that take a colour, with a colour word. `currentColor`, `transparent` and system colours are no decision. */
const WORD =
  /\b(?:color|background(?:-color)?|fill|stroke|border(?:-[a-z]+)*|outline(?:-color)?|box-shadow)\s*:[^;{}]*\b(?:red|green|blue|white|black|gr[ae]y|orange|yellow|purple|pink|brown|navy|teal|silver|gold)\b/i;

test('no colour value stands outside the tokens', () => {
  const found = files('src-renderer').flatMap((path) =>
    path === TOKENS
      ? []
      : coloursIn(readFileSync(join(root, path), 'utf8')).map((line) => `${path}: ${line}`),
  );
  expect(found).toEqual([]);
});

test('the rule finds what it is for', () => {
  for (const bad of [
    'color: #fff;',
    'a { color: red }',
    "fill: 'rgb(1 2 3)'",
    'light-dark(#aaa, #bbbbbb)',
    'background: oklch(0.5 0.1 20)',
  ]) {
    expect(coloursIn(bad), bad).toHaveLength(1);
  }
  for (const good of [
    "href: '#/chat'",
    'color: var(--ink);',
    'stroke: currentColor;',
    'this.#failed = 1;',
    'getElementById("root")',
  ]) {
    expect(coloursIn(good), good).toHaveLength(0);
  }
});

function coloursIn(text: string): string[] {
  return withoutComments(text)
    .split('\n')
    .filter((line) => HEX.test(withoutPrivateNames(line)) || FUNCTION.test(line) || WORD.test(line))
    .map((line) => line.trim());
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

/** `#add` is a private field where something is called or read through it. */
function withoutPrivateNames(line: string): string {
  return line.replace(/(?:\.|^\s*(?:readonly |async )?)#[a-z]\w*/gi, '');
}

function files(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:css|tsx?|html|svg)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}
