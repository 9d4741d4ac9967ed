import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { parseItem } from '../../../src-main/core/library/items/parse-item.ts';
import { ExchangeRig, FORMATS } from './exchange.helper.ts';

const line = fc
  .string({
    unit: fc.constantFrom(...Array.from('abc :#-"\'{}[]|>&*!%@`,?\u00e9\u4e2d\ud83d\ude80\u00a0')),
    maxLength: 30,
  })
  .filter((name) => name.replaceAll(/\s+/g, ' ').trim() === name && name !== '');
const eol = fc.constantFrom('\n', '\r\n');
const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/);
const body = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        '{{a}}',
        '{{ b }}',
        '${input:a}',
        '${input:b:x}',
        '---',
        '\n',
        '\r\n',
        '#',
        '<!--',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) =>
    Buffer.from(parts.join('').replaceAll('\0', '').replaceAll('!`', '')).toString('utf8'),
  );

const item = fc.record({
  kind: fc.constantFrom('agent' as const, 'prompt' as const),
  path: fc.array(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 _-]{0,10}[A-Za-z0-9]$/), {
    minLength: 1,
    maxLength: 3,
  }),
  name: line,
  description: line,
  tools: fc.array(line, { maxLength: 3 }),
  starters: fc.array(line, { maxLength: 2 }),
  route: fc.option(fc.constantFrom('work/claude-x-1', 'local/llama')),
  variables: fc.uniqueArray(
    fc.record({ name: fc.oneof(name, fc.constantFrom('a', 'b')), label: line }),
    {
      maxLength: 3,
      selector: (each) => each.name,
    },
  ),
  unknown: fc.dictionary(fc.stringMatching(/^x-[a-z]{1,5}$/), fc.jsonValue({ maxDepth: 2 }), {
    maxKeys: 2,
  }),
  bom: fc.boolean(),
  eol,
  body,
});

/** Random agents and prompts go out in random formats and come back into an empty library. */
export function everyRoundTrip(here: string, runs: number): void {
  let run = 0;
  fc.assert(
    fc.property(item, fc.constantFrom(...FORMATS), (one, format) => {
      run += 1;
      const root = join(here, String(run));
      const isPrompt = one.kind === 'prompt';
      const path = `${one.kind}s/${one.path.join('/')}.${one.kind}.md`;
      const fields: Record<string, unknown> = {
        name: one.name,
        description: one.description,
        ...(isPrompt ? { variables: one.variables } : { tools: one.tools, starters: one.starters }),
        ...(isPrompt || one.route === null ? {} : { route: one.route }),
        ...one.unknown,
      };
      const front = Object.entries(fields)
        .map(([key, value]) => `${key}: ${JSON.stringify(value)}${one.eol}`)
        .join('');
      const source = `${one.bom ? '\ufeff' : ''}---${one.eol}${front}---${one.eol}${one.body}`;
      const rig = new ExchangeRig(root, { [path]: source });
      const before = parseItem(one.kind, path, Buffer.from(rig.read(path)));
      const out = rig.export(format);
      rig.empty();
      rig.import(out.dir);
      expect(Object.keys(rig.files())).toEqual([path]);
      const text = rig.read(path);
      const after = parseItem(one.kind, path, Buffer.from(text));
      expect({ ...after, problems: [] }).toEqual({ ...before, problems: [] });
      expect(text.endsWith(`---${one.eol}${one.body}`)).toBe(true);
      for (const key of Object.keys(one.unknown)) expect(text).toContain(key);
      rmSync(root, { recursive: true, force: true });
    }),
    { numRuns: runs },
  );
}
