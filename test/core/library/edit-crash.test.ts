import { expect, test } from 'vitest';
import { killEditors } from './edit-crash.helper.ts';

test('killed while it edits: every file is whole, and none is lost', async () => {
  const { steps, files } = await killEditors(8);
  expect(steps).toBeGreaterThanOrEqual(8);
  expect(files).toBeGreaterThanOrEqual(8 * 16);
});
