import { basename } from 'node:path/posix';
import { parseFields } from '../items/front-matter.ts';
import { placeOf } from '../items/item-kind.ts';
import { parseItem } from '../items/parse-item.ts';
import { pathProblem } from '../portable-path.ts';
import { FrontText } from './front-text.ts';
import { argumentHint, fromInputs, variableFields } from './input-variables.ts';
import { quoted, type Losses } from './losses.ts';
import { disable } from './outward.ts';
import { CARREL, CARREL_KEYS, HOME, VERBATIM } from './shapes.ts';

/** Another program's text that was recognised. */
export interface Foreign {
  readonly kind: 'agent' | 'prompt';
  /** As it is shown. */
  readonly path: string;
  readonly text: string;
  /** Path below the folder that its format gives it, without the extension: what it will be called. */
  readonly stem: string;
  /** VS Code's `${input:…}` in it asks for something. */
  readonly asks: boolean;
}

/** Keys whose meaning Carrel does not have; kept, and said. */
const ELSEWHERE = ['model', 'agent', 'handoffs', 'agents', 'skills', 'globs', 'disallowedTools'];

/** A recognised text as a Carrel item. Body bytes stay, but for variables that can be translated both ways. */
export function inward(foreign: Foreign, lost: Losses): { path: string; text: string } {
  const { kind, path } = foreign;
  const readable = lenient(foreign.text);
  const front = new FrontText(readable);
  if (front.problems.length > 0) {
    lost.add(path, `its front matter can't be read (${front.problems[0] ?? ''}); taken as it is.`);
    return { path: homeOf(foreign, null), text: foreign.text };
  }
  const carrel = front.value(CARREL);
  const said = isMapping(carrel) ? carrel['path'] : undefined;
  front.unnest(CARREL, ['name', 'tools', ...CARREL_KEYS[kind]], ['path', VERBATIM]);
  disable(front, path, lost);
  const verbatim = isMapping(carrel) && carrel[VERBATIM] === true;
  const tail = verbatim ? front.tail : variablesIn(foreign, front, lost);
  toolsIn(front);
  addedByExport(front, kind, tail);
  if (!front.has('name')) front.set('name', basename(foreign.stem), true);
  const dead = ELSEWHERE.filter((key) => front.has(key));
  if (dead.length > 0) {
    lost.add(path, `${quoted(dead)} ${dead.length === 1 ? 'is' : 'are'} kept without effect.`);
  }
  return { path: homeOf(foreign, typeof said === 'string' ? said : null), text: front.text(tail) };
}

/** Where it came from, if that is a place for its kind; else by its name. */
function homeOf({ kind, stem }: Foreign, said: string | null): string {
  const { folder, extension } = HOME[kind];
  if (said?.endsWith(extension) === true && pathProblem(said) === null) {
    const place = placeOf(said);
    if (place.kind === 'item' && place.item === kind) return said;
  }
  return `${folder}/${stem}${extension}`;
}

function variablesIn({ asks, path }: Foreign, front: FrontText, lost: Losses): string {
  if (!asks || !front.tail.includes('${input:')) return front.tail;
  const here = fromInputs(front.tail);
  if (here === null) {
    lost.add(path, 'its variables can not be translated exactly; the text stays as it is.');
    return front.tail;
  }
  if (!front.has('variables') && here.variables.length > 0) {
    front.set('variables', variableFields(here.variables));
  }
  return here.body;
}

/** Claude Code lists tools with commas, some in parentheses that hold commas themselves. */
function toolsIn(front: FrontText): void {
  const tools = front.value('tools');
  if (typeof tools !== 'string' || !tools.includes(',')) return;
  const list = tools.split(/,(?![^(]*\))/).map((tool) => tool.trim());
  front.set(
    'tools',
    list.filter((tool) => tool !== ''),
  );
}

/** What an export added for the other program's sake goes again. */
function addedByExport(front: FrontText, kind: Foreign['kind'], tail: string): void {
  const { route, variables } = parseItem(
    kind,
    `x${HOME[kind].extension}`,
    Buffer.from(front.text(tail), 'utf8'),
  );
  const model = front.value('model');
  if (route !== null && route.split('/').at(-1) === model) front.remove('model');
  if (variables.length > 0 && front.value('argument-hint') === argumentHint(variables)) {
    front.remove('argument-hint');
  }
  if (front.value('alwaysApply') === false) front.remove('alwaysApply');
}

/**
 * Other programs read front matter more loosely than YAML: `description: Reviews: all of it`,
 * `globs: *.ts`. Such lines get quotes; nothing else changes.
 */
export function lenient(text: string): string {
  const found = /^(\ufeff?---[ \t]*\r?\n)([^]*?)(^---[ \t]*(?:\r?\n|$))/m.exec(text);
  const [whole, open = '', yaml = '', close = ''] = found ?? [];
  if (whole === undefined || found?.index !== 0 || parseFields(yaml).problems.length === 0)
    return text;
  const repaired = yaml
    .split(/(?<=\n)/)
    .map((line) => {
      const [, key, value] = /^([A-Za-z][\w-]*:)[ \t]+(\S.*?)[ \t]*\r?\n$/.exec(line) ?? [];
      if (key === undefined || value === undefined || parseFields(line).problems.length === 0)
        return line;
      return `${key} ${JSON.stringify(value)}${line.endsWith('\r\n') ? '\r\n' : '\n'}`;
    })
    .join('');
  if (parseFields(repaired).problems.length > 0) return text;
  return open + repaired + close + text.slice(whole.length);
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
