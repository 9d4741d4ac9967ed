import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const PACKAGES = {
  oxlint: 'oxlint',
  playwright: '@playwright/test',
  prettier: 'prettier',
  tsc: 'typescript',
  vitest: 'vitest',
} as const;

export type Tool = keyof typeof PACKAGES;

/**
 * The script of an installed tool, to be run with `process.execPath`: on Windows the name alone is
 * that of a `.cmd` file, which `spawn` does not start.
 */
export function toolScript(tool: Tool): string {
  const about = createRequire(import.meta.url).resolve(`${PACKAGES[tool]}/package.json`);
  const { bin } = JSON.parse(readFileSync(about, 'utf8')) as {
    bin: string | Readonly<Record<string, string>>;
  };
  const script = typeof bin === 'string' ? bin : bin[tool];
  if (script === undefined) throw new Error(`${PACKAGES[tool]} has no ${tool}`);
  return join(dirname(about), script);
}
