import {
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { exportLibrary } from '../../../src-main/core/library/exchange/export.ts';
import { importLibrary } from '../../../src-main/core/library/exchange/import.ts';
import type { ExchangeFormat, Exchanged } from '../../../src-main/core/library/item-jobs.ts';
import { libraryDirs } from '../../helpers/git-library.ts';

export const FORMATS: readonly ExchangeFormat[] = ['claude', 'vscode', 'cursor', 'agents'];

/** The files of a library without Git behind them: an exchange reads and writes only these. */
export class ExchangeRig {
  readonly dirs;
  readonly root: string;

  constructor(root: string, files: Readonly<Record<string, string>> = {}) {
    this.root = root;
    this.dirs = libraryDirs(root);
    mkdirSync(this.dirs.library, { recursive: true });
    mkdirSync(this.dirs.files, { recursive: true });
    writeFileSync(join(this.dirs.library, 'HEAD'), 'ref: refs/heads/main\n');
    writeTree(this.dirs.files, files);
  }

  copy(from: string): this {
    cpSync(from, this.dirs.files, { recursive: true });
    return this;
  }

  export(to: ExchangeFormat, dir = join(this.root, `out-${to}`)): Exchanged & { dir: string } {
    return { ...exportLibrary({ dirs: this.dirs, to, dir }), dir };
  }

  import(from: string): Exchanged {
    return importLibrary({ dirs: this.dirs, from });
  }

  read(path: string): string {
    return readFileSync(join(this.dirs.files, path), 'utf8');
  }

  files(): Record<string, string> {
    return readTree(this.dirs.files);
  }

  empty(): void {
    rmSync(this.dirs.files, { recursive: true, force: true });
    mkdirSync(this.dirs.files);
  }
}

export function writeTree(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** Bytes of all files below, by path; links as such. */
export function readTree(root: string): Record<string, string> {
  const entries = readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  return Object.fromEntries(
    entries.map((at) => [
      at.slice(root.length + 1),
      lstatSync(at).isSymbolicLink() ? '(a link)' : readFileSync(at, 'latin1'),
    ]),
  );
}
