import { basename, dirname } from 'node:path/posix';
import type { ItemKind, ParsedItem } from '../../../../src-contract/library.ts';
import { MAX_BODY_CHARS } from '../limits.ts';
import { FieldReader } from './fields.ts';
import { parseFields, splitFrontMatter } from './front-matter.ts';
import { readVariables } from './variables.ts';

/** Lower-case letters of any script, digits, single hyphens: the specification of Agent Skills. */
const SKILL_NAME = /^[\p{Ll}\p{Lo}\p{N}]+(?:-[\p{Ll}\p{Lo}\p{N}]+)*$/u;
const MAX_SKILL_NAME = 64;

/** Parses one item's bytes. Never throws: whatever is wrong is listed, the rest is read. */
export function parseItem(kind: ItemKind, path: string, bytes: Uint8Array): ParsedItem {
  const problems: string[] = [];
  const text = readText(bytes);
  if (text === null) {
    const readable = kind === 'knowledge' || kind === 'other';
    return { ...empty(kind, path), problems: readable ? [] : ['The file is not UTF-8 text.'] };
  }
  const parsed = parseText(kind, path, text.replace(/^\ufeff/, ''), problems);
  if (parsed.body.length > MAX_BODY_CHARS)
    problems.push('The text is too long; its end is left out.');
  return { ...parsed, body: parsed.body.slice(0, MAX_BODY_CHARS), problems };
}

function parseText(
  kind: ItemKind,
  path: string,
  text: string,
  problems: string[],
): Omit<ParsedItem, 'problems'> {
  const nothing = empty(kind, path);
  switch (kind) {
    case 'knowledge':
    case 'other':
      return { ...nothing, body: text };
    case 'template':
    case 'policy': {
      const yaml = parseFields(text);
      problems.push(...yaml.problems);
      const fields = new FieldReader(yaml.fields, problems);
      return {
        ...nothing,
        name: fields.name('name') ?? nothing.name,
        description: fields.description('description') ?? '',
        body: text,
      };
    }
    case 'prompt':
    case 'agent':
    case 'skill': {
      const front = splitFrontMatter(text);
      problems.push(...front.problems);
      const fields = new FieldReader(front.fields, problems);
      const name = fields.name('name');
      if (name === null && front.problems.length === 0) problems.push('It has no "name".');
      const common = {
        ...nothing,
        name: name ?? nothing.name,
        description: fields.description('description') ?? '',
        body: front.body,
      };
      if (front.body.trim() === '') problems.push('It has no text.');
      if (kind === 'prompt') {
        const variables = readVariables(fields.value('variables'), front.body, problems);
        return { ...common, variables };
      }
      if (kind === 'skill') {
        checkSkill(path, name, common.description, problems);
        return common;
      }
      return {
        ...common,
        collections: fields.list('knowledge'),
        tools: fields.list('tools'),
        starters: fields.list('starters'),
        route: fields.name('route'),
      };
    }
  }
}

/** What Agent Skills want of a skill besides a text: see its specification, "Frontmatter". */
function checkSkill(path: string, name: string | null, about: string, problems: string[]): void {
  if (about === '') problems.push('It has no "description".');
  if (name === null) return;
  if (!SKILL_NAME.test(name) || name.length > MAX_SKILL_NAME) {
    problems.push(
      `A skill's name is of lower-case letters, digits and single hyphens, at most ${MAX_SKILL_NAME}.`,
    );
  }
  const folder = basename(dirname(path));
  if (name !== folder)
    problems.push(`Its name is not that of its folder, "${folder.slice(0, 64)}".`);
}

function empty(kind: ItemKind, path: string): ParsedItem {
  return {
    name: nameFromPath(kind, path),
    description: '',
    problems: [],
    body: '',
    variables: [],
    collections: [],
    tools: [],
    starters: [],
    route: null,
  };
}

function nameFromPath(kind: ItemKind, path: string): string {
  switch (kind) {
    case 'prompt':
      return basename(path, '.prompt.md');
    case 'agent':
      return basename(path, '.agent.md');
    case 'skill':
    case 'template':
      return basename(dirname(path));
    case 'policy':
      return basename(path, '.yaml');
    case 'knowledge':
    case 'other':
      return basename(path);
  }
}

/** A text with all that makes its bytes, a byte-order mark too; null where they are not UTF-8, or have NUL. */
export function readText(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
