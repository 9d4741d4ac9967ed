import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { killEditors } from './edit-crash.helper.ts';

const KILLS = 200;
const RESULTS = resolve(import.meta.dirname, '../../../test-results');

test(
  '200 kills while it edits: every file is whole, and none is lost',
  { timeout: 600_000 },
  async () => {
    const counted = await killEditors(KILLS);
    expect(counted.kills).toBe(KILLS);
    expect(counted.files).toBeGreaterThanOrEqual(KILLS * 16);
    mkdirSync(RESULTS, { recursive: true });
    const text = `${JSON.stringify(counted, null, 2)}\n`;
    writeFileSync(join(RESULTS, 'library-edits.json'), text);
  },
);
