import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { migrations } from '../../../src-main/db/migrations/index.ts';
import { open, readValue, vaultDeps, WORKSPACE } from './vault.helper.ts';

it(
  'a first start that is killed at any moment is taken up by the next',
  { timeout: 120_000 },
  async () => {
    for (const afterMs of [0, 2, 4, 7, 10, 14, 19, 25, 40, 'written'] as const) {
      const deps = vaultDeps({ migrations });
      const root = join(deps.paths.root, '..', '..');
      const child = fork(join(import.meta.dirname, 'first-start.helper.ts'), [root, WORKSPACE], {
        execArgv: ['--no-warnings'],
      });
      // It may be done, and end by itself, before it is killed.
      const exit = once(child, 'exit');
      await once(child, 'message');
      const written = once(child, 'message');
      child.send('go');
      if (afterMs === 'written') await written;
      // The moment is what varies here; nothing is waited for.
      else await wait(afterMs);
      child.kill('SIGKILL');
      await exit;
      const vault = await open(deps);
      expect(vault.status().schema).toBe(migrations.at(-1)?.version);
      expect(readValue(vault)).toMatch(afterMs === 'written' ? /^written$/ : /^(written)?$/);
      vault.close();
    }
  },
);
