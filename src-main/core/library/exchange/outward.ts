import { isDeepStrictEqual } from 'node:util';
import { FrontText } from './front-text.ts';
import { argumentHint, fromInputs, toInputs, variableFields } from './input-variables.ts';
import { quoted, type Losses } from './losses.ts';
import { isSlug, type Names, slug } from './names.ts';
import type { TextItem } from './read-library.ts';
import { CARREL, CARREL_KEYS, DISABLED, HOME, RUNNING, VERBATIM, type Shape } from './shapes.ts';

/** An item as another program's file; null where it can't go there. Says what is lost on the way. */
export function outward(
  item: TextItem,
  shape: Shape,
  names: Names,
  lost: Losses,
): { readonly path: string; readonly text: string } | null {
  const { path, parsed, kind } = item;
  const front = new FrontText(item.text);
  if (shape.runsText && /!`[^`\n]+`/.test(front.tail)) {
    lost.add(path, `left out: ${shape.program} would run the commands in its text.`);
    return null;
  }
  if (front.has(CARREL)) {
    lost.add(path, `left out: its key "${CARREL}" is the one that an export needs.`);
    return null;
  }
  const stem = names.take(stemOf(path, kind));
  const tail = variablesOut(item, front, shape, lost);
  disable(front, path, lost);
  keysOut(item, front, shape, lost);
  nameOut(item, front, shape, stem);
  if (shape.describes && parsed.description === '') {
    front.set('description', parsed.name);
    lost.add(path, `it has no description; ${shape.program} needs one, and gets its name.`);
  }
  if (path !== `${HOME[kind].folder}/${stem}${HOME[kind].extension}`) {
    front.setNested(CARREL, 'path', path);
  }
  const text = shape.extension === '.mdc' ? ruleText(front, tail) : front.text(tail);
  return { path: `${shape.folder}/${stem}${shape.extension}`, text };
}

/** Keys that could run something are kept where nothing reads them. */
export function disable(front: FrontText, path: string, lost: Losses): void {
  const running = RUNNING.filter((key) => front.has(key));
  if (running.length === 0) return;
  front.nest(DISABLED, running);
  lost.add(
    path,
    `${quoted(running)} could run something or give rights: kept under "${DISABLED}".`,
  );
}

/** The name of the other program's file: the path below the kind's folder as one word. */
function stemOf(path: string, kind: TextItem['kind']): string {
  const { folder, extension } = HOME[kind];
  return slug(path.slice(folder.length + 1, -extension.length));
}

function variablesOut(item: TextItem, front: FrontText, shape: Shape, lost: Losses): string {
  const { variables } = item.parsed;
  if (item.kind !== 'prompt') return front.tail;
  if (shape.variables === 'inputs') {
    if (variables.length === 0) return verbatim(front, front.tail);
    const there = toInputs(front.tail, variables);
    if (there === null) {
      lost.add(
        item.path,
        `its variables stand in the text as {{…}}: ${shape.program} does not ask.`,
      );
      return verbatim(front, front.tail);
    }
    const told = variableFields(fromInputs(there)?.variables ?? []);
    if (isDeepStrictEqual(front.value('variables'), told)) front.remove('variables');
    else lost.add(item.path, `${shape.program} asks for each variable as a line of text.`);
    return there;
  }
  if (variables.length === 0) return front.tail;
  if (shape.variables === 'hint' && !front.has('argument-hint')) {
    front.set('argument-hint', argumentHint(variables));
  }
  lost.add(item.path, `its variables stand in the text as {{…}}: ${shape.program} does not ask.`);
  return front.tail;
}

/** A text that has `${input:…}` of its own is marked, so that the way back leaves it alone. */
function verbatim(front: FrontText, tail: string): string {
  const back = fromInputs(tail);
  if (back && back.body !== tail) front.setNested(CARREL, VERBATIM, true);
  return tail;
}

function keysOut(item: TextItem, front: FrontText, shape: Shape, lost: Losses): void {
  const keys = CARREL_KEYS[item.kind].filter((key) => front.has(key));
  const model = item.parsed.route?.split('/').at(-1) ?? '';
  const takesModel = shape.name === 'slug' && /^claude-[\w.-]+$/.test(model) && !front.has('model');
  if (takesModel) front.set('model', model);
  const noTools = shape.tools === 'none' && front.has('tools');
  const dead = [...keys.filter((key) => key !== 'variables'), ...(noTools ? ['tools'] : [])];
  const said = dead.filter((key) => key !== 'route' || !takesModel);
  front.nest(CARREL, [...keys, ...(noTools ? ['tools'] : [])]);
  if (said.length > 0) {
    lost.add(
      item.path,
      `${quoted(said)} ${said.length === 1 ? 'has' : 'have'} no effect in ${shape.program}.`,
    );
  }
  const { tools } = item.parsed;
  const fit = tools.every((tool) => /^[^,\s][^,]*$/.test(tool) && tool.trim() === tool);
  if (shape.tools === 'commas' && Array.isArray(front.value('tools')) && tools.length > 0 && fit) {
    front.set('tools', tools.join(', '));
  }
}

function nameOut({ parsed }: TextItem, front: FrontText, shape: Shape, stem: string): void {
  switch (shape.name) {
    case 'any':
      return;
    case 'slug':
      if (isSlug(parsed.name) && front.value('name') === parsed.name) return;
      if (front.has('name')) front.nest(CARREL, ['name']);
      front.set('name', stem, true);
      return;
    case 'file':
      if (front.value('name') === stem) front.remove('name');
      else front.nest(CARREL, ['name']);
  }
}

/** Cursor's rules have their patterns without quotes, which YAML does not take. */
function ruleText(front: FrontText, tail: string): string {
  if (!front.has('alwaysApply')) front.set('alwaysApply', false);
  const globs = front.value('globs');
  const text = front.text(tail);
  if (typeof globs !== 'string' || globs === '') return text;
  return text.replace(/^globs:[ \t]*(["'])(.*)\1[ \t]*(?=\r?$)/m, (whole, _quote, inner: string) =>
    inner === globs ? `globs: ${inner}` : whole,
  );
}
