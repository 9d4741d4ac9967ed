import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { apiReference } from '../../scripts/api-reference.ts';
import { root } from '../helpers/imports.helper.ts';

test('docs/api.md is what the schemas say (npm run docs:api writes it)', () => {
  expect(readFileSync(join(root, 'docs', 'api.md'), 'utf8')).toBe(apiReference());
});
