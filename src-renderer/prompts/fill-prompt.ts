import type { Variable } from '../../src-contract/library.ts';

/** What was entered, by the name of the variable: numbers as they were typed. */
export type Values = Readonly<Record<string, string | boolean>>;

/** `{{name}}`, with spaces inside the braces or none. */
const PLACE = /\{\{[ \t]*([A-Za-z_][A-Za-z0-9_-]{0,63})[ \t]*\}\}/gu;

/** Values to begin with: the defaults. */
export function firstValues(variables: readonly Variable[]): Values {
  return Object.fromEntries(
    variables.map(({ name, type, default: value }) => [
      name,
      type === 'boolean' ? value === true : value === null ? '' : String(value),
    ]),
  );
}

/** What is wrong with a value, as a sentence; null when nothing is. */
export function valueProblem(
  variable: Variable,
  value: string | boolean | undefined,
): string | null {
  if (typeof value === 'boolean') return null;
  const text = (value ?? '').trim();
  if (text === '') return variable.required ? 'This one is needed.' : null;
  if (variable.type === 'number' && !Number.isFinite(Number(text))) return 'Enter a number.';
  return null;
}

/** The text of a prompt with its values. What is not declared stays as it is written. */
export function fillPrompt(body: string, variables: readonly Variable[], values: Values): string {
  const known = new Set(variables.map(({ name }) => name));
  return body
    .replaceAll(PLACE, (place, name: string) => {
      if (!known.has(name)) return place;
      const value = values[name];
      return typeof value === 'boolean' ? (value ? 'yes' : 'no') : (value ?? '');
    })
    .trim();
}
