import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ItemKind, ParsedItem } from '../../../../src-contract/library.ts';
import { statOrNull } from '../files/record.ts';
import { placeOf } from '../items/item-kind.ts';
import { parseItem } from '../items/parse-item.ts';
import { MAX_FILE_BYTES } from '../limits.ts';
import { pathProblem } from '../portable-path.ts';
import { FrontText } from './front-text.ts';
import { MAX_EXCHANGED, MAX_EXCHANGED_BYTES, MAX_MCP_BYTES } from './limits.ts';
import type { Losses } from './losses.ts';
import { byText, walk } from './walk.ts';

/** The team's MCP servers, by name, in a library. */
export const MCP_FILE = 'mcp.json';

/** An agent or a prompt of the library. */
export interface TextItem {
  readonly kind: 'agent' | 'prompt';
  readonly path: string;
  readonly text: string;
  readonly parsed: ParsedItem;
}

/** A skill: its folder's name, and its files by their path inside the folder. */
export interface SkillItem {
  readonly name: string;
  readonly parsed: ParsedItem;
  readonly files: readonly { readonly path: string; readonly at: string }[];
}

export interface LibraryContent {
  readonly texts: readonly TextItem[];
  readonly skills: readonly SkillItem[];
  /** Text of `mcp.json`; null without one. */
  readonly mcp: string | null;
  /** Items of each kind that no other program has a place for. */
  readonly others: ReadonlyMap<ItemKind, number>;
}

/** What of the library's files as they are now goes into an export. Says what is left out. */
export function readLibrary(root: string, lost: Losses): LibraryContent {
  const texts: TextItem[] = [];
  const skills = new Map<string, { path: string; at: string }[]>();
  const others = new Map<ItemKind, number>();
  let mcp: string | null = null;
  let files = 0;
  let bytes = 0;
  for (const path of statOrNull(root)?.isDirectory() === true ? walk(root, lost) : []) {
    const at = join(root, path);
    const place = placeOf(path);
    const kind = place.kind === 'part' ? kindOfFolder(place.of) : place.item;
    if (kind === 'knowledge' || kind === 'template' || kind === 'policy') {
      if (place.kind === 'item') others.set(kind, (others.get(kind) ?? 0) + 1);
      continue;
    }
    if (kind === 'other' && path !== MCP_FILE) continue;
    const problem = pathProblem(path);
    const size = statOrNull(at)?.size ?? 0;
    if (problem !== null || size > MAX_FILE_BYTES) {
      lost.add(path, `left out: ${problem ?? 'it is larger than 10 MB'}.`);
      continue;
    }
    files += 1;
    bytes += size;
    if (files > MAX_EXCHANGED || bytes > MAX_EXCHANGED_BYTES) {
      lost.add(path, 'this and what follows is left out: the export would be too large.');
      break;
    }
    if (path === MCP_FILE) {
      if (size > MAX_MCP_BYTES) lost.add(path, 'left out: it is too large.');
      else mcp = readFileSync(at, 'utf8');
    } else if (kind === 'skill') {
      const [, name = ''] = path.split('/');
      const parts = skills.get(name) ?? [];
      parts.push({ path: path.slice(`skills/${name}/`.length), at });
      skills.set(name, parts);
    } else if (kind === 'agent' || kind === 'prompt') {
      const item = readText(kind, path, readFileSync(at), lost);
      if (item) texts.push(item);
    }
  }
  return { texts, skills: wholeSkills(skills, lost), mcp, others };
}

function kindOfFolder(folder: string): ItemKind {
  return folder.startsWith('skills/') ? 'skill' : 'template';
}

function readText(
  kind: 'agent' | 'prompt',
  path: string,
  bytes: Buffer,
  lost: Losses,
): TextItem | null {
  const text = decode(bytes);
  if (text === null) {
    lost.add(path, 'left out: it is not UTF-8 text.');
    return null;
  }
  const { problems } = new FrontText(text);
  if (problems.length > 0) {
    lost.add(path, `left out, as its front matter can't be read (${problems[0] ?? ''}).`);
    return null;
  }
  return { kind, path, text, parsed: parseItem(kind, path, bytes) };
}

/** UTF-8 without NUL, byte order mark included; null for anything else. */
export function decode(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function wholeSkills(
  found: ReadonlyMap<string, readonly { path: string; at: string }[]>,
  lost: Losses,
): SkillItem[] {
  const skills: SkillItem[] = [];
  for (const [name, files] of [...found].toSorted(([a], [b]) => byText(a, b))) {
    const main = files.find(({ path }) => path === 'SKILL.md');
    if (!main) {
      lost.add(`skills/${name}`, 'left out: it has no SKILL.md.');
      continue;
    }
    const parsed = parseItem('skill', `skills/${name}/SKILL.md`, readFileSync(main.at));
    skills.push({ name, parsed, files });
  }
  return skills;
}
