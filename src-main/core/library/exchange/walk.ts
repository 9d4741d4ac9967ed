import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_VISITED, MAX_WALK_DEPTH } from './limits.ts';
import type { Losses } from './losses.ts';

/** Never holds anything of a person's agents, and may be very large. */
const NEVER = new Set(['.git', '.hg', '.svn', 'node_modules', '.venv', '__pycache__']);

/** What systems leave in folders by themselves. */
const LITTER = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

/**
 * Paths of all plain files below a folder, with `/`, sorted by their bytes. Links are not followed.
 * Says in `lost` where it stopped.
 */
export function walk(root: string, lost: Losses): readonly string[] {
  const found: string[] = [];
  let visited = 0;
  let stopped = false;
  visit('', 0);
  return found.toSorted(byText);

  function visit(prefix: string, depth: number): void {
    if (depth > MAX_WALK_DEPTH) {
      lost.add(prefix, 'it is too deep inside folders and was not looked into.');
      return;
    }
    const entries = readdirSync(join(root, prefix), { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => byText(a.name, b.name))) {
      if (stopped) return;
      visited += 1;
      if (visited > MAX_VISITED) {
        stopped = true;
        lost.add(prefix + entry.name, `only ${MAX_VISITED} files and folders are looked at.`);
      } else if (entry.isDirectory()) {
        if (!NEVER.has(entry.name)) visit(`${prefix}${entry.name}/`, depth + 1);
      } else if (entry.isFile() && !LITTER.has(entry.name)) found.push(prefix + entry.name);
    }
  }
}

/** The same order on every machine, whatever its language. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
