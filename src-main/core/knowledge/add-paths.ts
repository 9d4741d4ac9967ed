import { realpath } from 'node:fs/promises';
import { basename, isAbsolute, sep } from 'node:path';
import { MAX_NAME_CHARS } from '../../../src-contract/limits.ts';
import { insideDataDir, pathMissing } from './errors.ts';

export interface ResolvedPaths {
  /** Absolute, without links; what becomes a source of the collection. */
  readonly found: readonly string[];
  /** As they were given; each is told as failed. */
  readonly missing: readonly string[];
}

/**
 * Resolves what a person named. A link that is named itself is followed once, here.
 *
 * Errors: `knowledge/path-missing` where none of them is there, `knowledge/inside-data-dir`.
 */
export async function resolvePaths(
  paths: readonly string[],
  dataDir: string,
): Promise<ResolvedPaths> {
  const found = new Set<string>();
  const missing: string[] = [];
  const own = await realpath(dataDir);
  for (const path of paths) {
    // The engine's working directory means nothing to who asks: only absolute paths name a file.
    const real = isAbsolute(path) ? await realpath(path).catch(() => null) : null;
    if (real === null) missing.push(path);
    else if (real === own || real.startsWith(own + sep)) throw insideDataDir(path);
    else found.add(real);
  }
  if (found.size === 0) throw pathMissing(missing[0] ?? '');
  return { found: [...found], missing };
}

/** Name of a collection that is made for a path. */
export function nameFor(path: string): string {
  const name = basename(path)
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
    .trim()
    .slice(0, MAX_NAME_CHARS);
  return name === '' ? 'Files' : name;
}
