import { MAX_PATHS } from '../../src-contract/limits.ts';
import { filePath } from '../bridge.ts';
import { counted, cutMiddle } from '../ui/format.ts';

/** One file to send up, under the path that it keeps in its collection. */
export interface UploadFile {
  readonly path: string;
  readonly file: File;
}

/** What a person gave: paths the engine reads itself (desktop), or files that this page sends up (browser). */
export type Given =
  | { readonly kind: 'paths'; readonly paths: readonly string[] }
  | { readonly kind: 'files'; readonly files: readonly UploadFile[]; readonly cut: boolean };

/** Files of one drop that a browser sends up: more is a folder for the path picker, which the engine reads itself. */
const MAX_UPLOAD_FILES = 2_000;

/** Longest name of a collection, as the border allows it. */
export const MAX_NAME_CHARS = 120;

/** Folders that the engine would leave out too: no need to send them. */
const LEFT_OUT: ReadonlySet<string> = new Set(['.git', 'node_modules']);

/** Reads a drop; folders are walked. Call it inside the event: the entries are gone afterwards. */
export async function readDrop(transfer: DataTransfer): Promise<Given> {
  const files = [...transfer.files];
  const paths = pathsOf(files);
  if (paths) return { kind: 'paths', paths };
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  // A drop that a script made has files and no entries.
  const found: UploadFile[] =
    entries.length === 0 ? files.map((file) => ({ path: file.name, file })) : [];
  for (const entry of entries) await walk(entry, '', found);
  return {
    kind: 'files',
    files: found.slice(0, MAX_UPLOAD_FILES),
    cut: found.length > MAX_UPLOAD_FILES,
  };
}

/** Reads a file input, with or without folders. */
export function readChosen(list: FileList): Given {
  const files = [...list];
  const paths = pathsOf(files);
  if (paths) return { kind: 'paths', paths: foldersOf(files, paths) };
  return {
    kind: 'files',
    files: files
      .slice(0, MAX_UPLOAD_FILES)
      .map((file) => ({ path: file.webkitRelativePath || file.name, file })),
    cut: files.length > MAX_UPLOAD_FILES,
  };
}

/** A name for the collection of what was given: the folder's, or that of the first file without its ending. */
export function nameOf(given: Given): string {
  const first = given.kind === 'paths' ? given.paths[0] : given.files[0]?.path;
  if (first === undefined) return '';
  const parts = first.split(/[\\/]/).filter(Boolean);
  const name = given.kind === 'files' && parts.length > 1 ? parts[0] : parts.at(-1);
  return (name ?? '').replace(/\.[^.]{1,8}$/, '').slice(0, MAX_NAME_CHARS);
}

/** What was given, in words. */
export function wordsOf(given: Given): string {
  if (given.kind === 'paths') {
    const first = given.paths[0] ?? '';
    return given.paths.length === 1
      ? cutMiddle(first, 60)
      : `${cutMiddle(first, 40)} and ${given.paths.length - 1} more`;
  }
  const files = counted(given.files.length, 'file');
  return given.cut
    ? `The first ${files}. A folder this large is better chosen by its path: then Carrel reads all of it.`
    : `${files} to send into the encrypted store.`;
}

function pathsOf(files: readonly File[]): readonly string[] | null {
  const paths = files.flatMap((file) => filePath(file) ?? []);
  return files.length > 0 && paths.length === files.length ? paths.slice(0, MAX_PATHS) : null;
}

/** A folder input lists every file inside: the folder itself is what was meant. */
function foldersOf(files: readonly File[], paths: readonly string[]): readonly string[] {
  const folders = files.map((file, index) => {
    const path = paths[index] ?? '';
    const inside = file.webkitRelativePath;
    const top = inside.split('/')[0] ?? '';
    return inside === '' ? path : path.slice(0, path.length - inside.length) + top;
  });
  return [...new Set(folders)];
}

async function walk(entry: FileSystemEntry, prefix: string, found: UploadFile[]): Promise<void> {
  if (found.length > MAX_UPLOAD_FILES) return;
  const path = prefix + entry.name;
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    found.push({ path, file });
  } else if (isFolder(entry) && !LEFT_OUT.has(entry.name)) {
    const reader = entry.createReader();
    // A reader gives at most 100 entries a time, and none at the end.
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
        reader.readEntries(resolve, reject),
      );
      if (some.length === 0) return;
      for (const child of some) await walk(child, `${path}/`, found);
    }
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
