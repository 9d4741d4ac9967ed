import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runScript, sum, type ScriptCount } from './sync-property.helper.ts';
import { steps } from './sync-script.helper.ts';

const SCRIPTS = 25;

test(
  'random edits of two clients converge, and every byte version is found again',
  { timeout: 240_000 },
  async () => {
    const counts: ScriptCount[] = [];
    await fc.assert(
      fc.asyncProperty(steps, fc.boolean(), async (script, hasGit) => {
        counts.push(await runScript(script, hasGit));
      }),
      { numRuns: SCRIPTS, seed: 3, endOnFailure: false },
    );
    const total = sum(counts);
    expect(counts).toHaveLength(SCRIPTS);
    expect(total.inHistory + total.inTrash + total.inConflict + total.onDisk).toBe(total.versions);
    expect(total.conflicts).toBeGreaterThan(0);
    expect(total.inTrash).toBeGreaterThan(0);
  },
);
