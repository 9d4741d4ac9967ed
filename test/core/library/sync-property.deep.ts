import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runScript, sum, type ScriptCount } from './sync-property.helper.ts';
import { steps } from './sync-script.helper.ts';

const SCRIPTS = 1_000;
const RESULTS = resolve(import.meta.dirname, '../../../test-results');
/** Another one each time; that of a failure can be given to find it again. */
const seed = Number(process.env['CARREL_SEED'] ?? Date.now() % 2 ** 31);

test(
  `${SCRIPTS} random scripts of two clients converge, and every byte version is found again`,
  { timeout: 14_400_000 },
  async () => {
    const counts: ScriptCount[] = [];
    const began = performance.now();
    await fc.assert(
      fc.asyncProperty(steps, fc.boolean(), async (script, hasGit) => {
        counts.push(await runScript(script, hasGit));
      }),
      { numRuns: SCRIPTS, seed },
    );
    const total = sum(counts);
    expect(counts).toHaveLength(SCRIPTS);
    expect(total.inHistory + total.inTrash + total.inConflict + total.onDisk).toBe(total.versions);
    const seconds = Math.round((performance.now() - began) / 1000);
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(
      join(RESULTS, 'library-property.json'),
      `${JSON.stringify({ seed, scripts: counts.length, lost: 0, ...total, seconds }, null, 2)}\n`,
    );
  },
);
