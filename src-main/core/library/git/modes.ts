/** Modes of tree entries as git writes them; old histories have `040000` too. */

export function isFolder(mode: string): boolean {
  return mode === '40000' || mode === '040000';
}

export function isSubmodule(mode: string): boolean {
  return mode === '160000';
}

/** Plain and executable files. Both are written as plain files: nothing of a library is run in place. */
export function isFile(mode: string): boolean {
  return mode === '100644' || mode === '100755';
}
