import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..', '..');

/** All TypeScript files under a folder of the project, as paths relative to its top. */
export function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .toSorted();
}

export interface Import {
  readonly file: string;
  /** A path relative to the top for our own files, else the package as written. */
  readonly target: string;
  readonly typeOnly: boolean;
  /** `import()`: loaded when it is reached. */
  readonly dynamic: boolean;
}

const STATEMENT =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[^'";]*?from\s*)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|require\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Every import, re-export, dynamic import and require of a file. */
export function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(STATEMENT)].map((match) => {
    const written = match[2] ?? match[3] ?? match[4] ?? '';
    const target = written.startsWith('.')
      ? relative(root, resolve(root, dirname(file), written)).replaceAll('\\', '/')
      : written;
    return { file, target, typeOnly: match[1] !== undefined, dynamic: match[3] !== undefined };
  });
}

export function allImports(folder: string): Import[] {
  return sourceFiles(folder).flatMap(importsOf);
}

/** For a readable failure: `file -> target`. */
export function show(imports: readonly Import[]): string[] {
  return imports.map(({ file, target }) => `${file} -> ${target}`);
}
