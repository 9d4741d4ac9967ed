import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { contract, type RouteName } from '../../src-contract/index.ts';
import { routes } from '../../src-contract/routes.ts';
import { root } from '../helpers/imports.helper.ts';

const names = Object.keys(contract) as RouteName[];

describe('the contract', () => {
  test('routes.ts names every route with its kind', () => {
    const kinds = Object.fromEntries(names.map((name) => [name, contract[name].kind]));
    expect(routes).toEqual(kinds);
  });

  test('every string, number and array of every input is bounded', () => {
    const open = names.flatMap((name) =>
      unbounded(
        z.toJSONSchema(contract[name].input, { io: 'input', unrepresentable: 'any' }),
        name,
      ),
    );
    expect(open).toEqual([]);
  });

  test('every input refuses unknown keys', () => {
    for (const name of names) {
      const result = contract[name].input.safeParse({ surprise: 1 });
      expect(result.success, name).toBe(false);
    }
  });

  test('every route is called by at least one test', () => {
    const texts = ['test', 'bench'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(ts|tsx)$/.test(file) && !file.startsWith('arch'))
        .map((file) => readFileSync(join(root, folder, file), 'utf8')),
    );
    const uncalled = names.filter((name) => !texts.some((text) => text.includes(`'${name}'`)));
    expect(uncalled).toEqual([]);
  });
});

interface Schema {
  readonly type?: string;
  readonly enum?: unknown;
  readonly const?: unknown;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maximum?: number;
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly anyOf?: Schema[];
  readonly oneOf?: Schema[];
}

function unbounded(schema: unknown, path: string): string[] {
  const one = schema as Schema;
  const found: string[] = [];
  if (one.type === 'string' && !one.enum && one.const === undefined) {
    // A pattern with a counted repetition bounds the length as well.
    if (one.maxLength === undefined && !/\{\d+,\d+\}\$$/.test(one.pattern ?? '')) found.push(path);
  }
  if (one.type === 'array' && one.maxItems === undefined) found.push(path);
  for (const [key, value] of Object.entries(one.properties ?? {})) {
    found.push(...unbounded(value, `${path}.${key}`));
  }
  if (one.items) found.push(...unbounded(one.items, `${path}[]`));
  for (const option of [...(one.anyOf ?? []), ...(one.oneOf ?? [])]) {
    found.push(...unbounded(option, path));
  }
  return found;
}
