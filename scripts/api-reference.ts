import { z } from 'zod';
import { contract, type RouteName } from '../src-contract/index.ts';

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly maxItems?: number;
  readonly maximum?: number;
  readonly minimum?: number;
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** The API reference as Markdown: every route with its input, bounds and what comes back. */
export function apiReference(): string {
  const names = (Object.keys(contract) as RouteName[]).toSorted();
  const features = [...new Set<string>(names.map((name) => name.split('.')[0] ?? ''))];
  const parts = [
    '# API reference of the contract\n',
    'Generated from `src-contract` by `npm run docs:api`; do not edit.',
    'A `query` reads, a `command` writes, a `stream` sends events until it ends or `streams.cancel` is called.',
    'Every answer is an envelope: `{"ok":true,"value":…}` or `{"ok":false,"error":{"code","message","remedy","action"?,"data"?}}`.\n',
  ];
  for (const feature of features) {
    parts.push(`## ${feature}\n`);
    for (const name of names.filter((one) => one.startsWith(`${feature}.`))) {
      parts.push(section(name));
    }
  }
  return `${parts.join('\n').trimEnd()}\n`;
}

function section(name: RouteName): string {
  const route = contract[name];
  const out = route.kind === 'stream' ? route.event : route.output;
  const lines = [`### ${name} (${route.kind})\n`, `${route.summary}\n`];
  lines.push(...fields('Input', toSchema(route.input, 'input')));
  lines.push(...fields(route.kind === 'stream' ? 'Event' : 'Output', toSchema(out, 'output')));
  return lines.join('\n');
}

function toSchema(schema: z.ZodType, io: 'input' | 'output'): Schema {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Schema;
}

function fields(title: string, schema: Schema): string[] {
  const options = schema.oneOf ?? schema.anyOf;
  if (options) {
    return [`${title}, one of:\n`, ...options.map((option) => `- ${inline(option)}`), ''];
  }
  const rows = Object.entries(schema.properties ?? {});
  if (rows.length === 0) return [`${title}: nothing.\n`];
  return [
    `| ${title.toLowerCase()} | type | |`,
    '|---|---|---|',
    ...rows.map(([key, value]) => {
      const optional = schema.required?.includes(key) ? '' : 'optional';
      const fallback =
        value.default === undefined ? '' : `default ${JSON.stringify(value.default)}`;
      const note = [optional, fallback].filter(Boolean).join(', ');
      return `| \`${key}\` | ${cell(inline(value))} | ${cell(note)} |`;
    }),
    '',
  ];
}

/** A schema in one line, with its bounds. */
function inline(schema: Schema): string {
  const options = schema.oneOf ?? schema.anyOf;
  if (options) return options.map(inline).join(' or ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' or ');
  if (schema.type === 'array') {
    const most = schema.maxItems === undefined ? '' : `, at most ${schema.maxItems}`;
    return `[${schema.items ? inline(schema.items) : 'anything'}${most}]`;
  }
  if (schema.type === 'object') {
    const inner = Object.entries(schema.properties ?? {});
    if (inner.length === 0) return 'object';
    return `{${inner.map(([key, value]) => `${key}: ${inline(value)}`).join(', ')}}`;
  }
  return `${String(schema.type ?? 'anything')}${bounds(schema)}`;
}

/** JavaScript's own limits of whole numbers say nothing about a route. */
function bounds(schema: Schema): string {
  const notes: string[] = [];
  const { minimum, maximum } = schema;
  if (minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER) notes.push(`>= ${minimum}`);
  if (maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) notes.push(`<= ${maximum}`);
  if (schema.maxLength !== undefined) notes.push(`<= ${schema.maxLength} characters`);
  if (schema.pattern !== undefined) notes.push(`matches ${schema.pattern}`);
  return notes.length === 0 ? '' : ` (${notes.join(', ')})`;
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
