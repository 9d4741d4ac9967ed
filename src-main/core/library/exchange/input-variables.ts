import type { Variable } from '../../../../src-contract/library.ts';

/** `{{name}}` in Carrel, `${input:name}` or `${input:name:hint}` in VS Code. */
const OURS = /\{\{([^{}\s]{1,64})\}\}/gu;
const THEIRS = /\$\{input:([^:{}\s]{1,64})(?::([^{}\r\n]*))?\}/gu;
const NAME = /^[\p{L}_][\p{L}\p{N}_-]{0,63}$/u;

/**
 * A Carrel body as VS Code asks for its variables, or null where the way back would not give the same
 * bytes (spaces inside the braces, `${input:…}` in the text already).
 */
export function toInputs(body: string, variables: readonly Variable[]): string | null {
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  const there = body.replaceAll(OURS, (whole, name: string) => {
    const variable = byName.get(name);
    return variable ? input(variable) : whole;
  });
  const used = [...body.matchAll(/\{\{\s*([^{}\s]{1,64})\s*\}\}/gu)];
  const allPlain = used.every(([whole, name = '']) => !byName.has(name) || whole === `{{${name}}}`);
  return allPlain && fromInputs(there)?.body === body ? there : null;
}

/**
 * A VS Code body as Carrel's, with the variables it asks for in their order; null where the way back
 * would not give the same bytes (one name with two hints, `{{…}}` in the text already).
 */
export function fromInputs(body: string): { body: string; variables: readonly Variable[] } | null {
  const found = new Map<string, Variable>();
  let isSame = true;
  const here = body.replaceAll(THEIRS, (whole, name: string, hint: string | undefined) => {
    if (!NAME.test(name)) return whole;
    const variable: Variable = {
      name,
      type: 'text',
      label: hint ?? name,
      required: false,
      default: null,
      choices: [],
    };
    const first = found.get(name) ?? variable;
    found.set(name, first);
    if (input(first) !== whole) isSame = false;
    return `{{${name}}}`;
  });
  const ambiguous = [...found.keys()].some((name) => body.includes(`{{${name}}}`));
  return isSame && !ambiguous ? { body: here, variables: [...found.values()] } : null;
}

/** The hint is the label, where it can stand there. */
function input({ name, label }: Variable): string {
  const hint = label.replaceAll(/\s+/g, ' ').trim();
  return label === name || hint !== label || hint === '' || /[{}]/.test(hint)
    ? `\${input:${name}}`
    : `\${input:${name}:${hint}}`;
}

/** What a slash command shows after its name: `[text] [words]`. */
export function argumentHint(variables: readonly Variable[]): string {
  return variables.map(({ name, required }) => (required ? `<${name}>` : `[${name}]`)).join(' ');
}

/** As front matter has them: only what differs from the defaults. */
export function variableFields(variables: readonly Variable[]): Record<string, unknown>[] {
  return variables.map(({ name, type, label, required, default: value, choices }) => ({
    name,
    ...(type === 'text' ? {} : { type }),
    ...(label === name ? {} : { label }),
    ...(required ? { required } : {}),
    ...(value === null ? {} : { default: value }),
    ...(choices.length === 0 ? {} : { choices }),
  }));
}
