import type { Variable } from '../../../../src-contract/library.ts';
import { MAX_LIST_ENTRIES } from '../limits.ts';
import { FieldReader, isScalar } from './fields.ts';
import type { Fields } from './front-matter.ts';

const TYPES: readonly Variable['type'][] = ['text', 'long-text', 'number', 'choice', 'boolean'];
const NAME = /^[\p{L}_][\p{L}\p{N}_-]{0,63}$/u;
const USE = /\{\{\s*([^{}\s]{1,64})\s*\}\}/gu;

/** Reads the typed variables of a prompt. What does not fit is left out or put right, and said in `problems`. */
export function readVariables(value: unknown, body: string, problems: string[]): Variable[] {
  if (value !== undefined && value !== null && !Array.isArray(value)) {
    problems.push('"variables" must be a list.');
  }
  const entries: unknown[] = Array.isArray(value) ? value : [];
  if (entries.length > MAX_LIST_ENTRIES) problems.push('"variables" has too many entries.');
  const variables: Variable[] = [];
  for (const entry of entries.slice(0, MAX_LIST_ENTRIES)) {
    const variable = readVariable(entry, problems);
    if (variable && variables.some(({ name }) => name === variable.name)) {
      problems.push(`The variable "${variable.name}" is there twice.`);
    } else if (variable) variables.push(variable);
  }
  compareWithBody(variables, body, problems);
  return variables;
}

function readVariable(entry: unknown, problems: string[]): Variable | null {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    problems.push('Each entry of "variables" must have a name and a type.');
    return null;
  }
  const said = (entry as Fields)['name'];
  const name = isScalar(said) ? String(said) : '';
  if (!NAME.test(name)) {
    problems.push(`"${name.slice(0, 64)}" can't be the name of a variable.`);
    return null;
  }
  const fields = new FieldReader(entry as Fields, problems, `Variable "${name}": `);
  const choices = fields.list('choices');
  const wanted = fields.name('type') ?? 'text';
  const known = TYPES.find((type) => type === wanted);
  if (!known) problems.push(`Variable "${name}": there is no type "${wanted.slice(0, 64)}".`);
  if (known === 'choice' && choices.length === 0) {
    problems.push(`Variable "${name}": a choice needs "choices".`);
  }
  const type = known === 'choice' && choices.length === 0 ? 'text' : (known ?? 'text');
  return {
    name,
    type,
    label: fields.name('label') ?? name,
    required: fields.flag('required'),
    default: readDefault(fields.value('default'), name, type, choices, problems),
    choices: type === 'choice' ? choices : [],
  };
}

function readDefault(
  value: unknown,
  name: string,
  type: Variable['type'],
  choices: readonly string[],
  problems: string[],
): Variable['default'] {
  if (value === undefined || value === null) return null;
  if (isScalar(value)) {
    switch (type) {
      case 'text':
      case 'long-text':
        return String(value);
      case 'number':
        if (typeof value === 'number' && Number.isFinite(value)) return value;
        break;
      case 'boolean':
        if (typeof value === 'boolean') return value;
        break;
      case 'choice':
        if (choices.includes(String(value))) return String(value);
        break;
    }
  }
  problems.push(`Variable "${name}": its default does not fit its type.`);
  return null;
}

function compareWithBody(variables: readonly Variable[], body: string, problems: string[]): void {
  const used = new Set([...body.matchAll(USE)].map(([, name]) => name ?? ''));
  const declared = new Set(variables.map(({ name }) => name));
  for (const name of [...used].filter((name) => !declared.has(name)).slice(0, MAX_LIST_ENTRIES)) {
    problems.push(`The text uses {{${name}}}, which is not a variable of it.`);
  }
  for (const name of [...declared].filter((each) => !used.has(each))) {
    problems.push(`The variable "${name}" is not used in the text.`);
  }
}
