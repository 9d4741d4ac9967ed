import { filePath } from '../../bridge.ts';

/** A file of the browser with its path below what was dropped or chosen. */
export interface PickedFile {
  readonly file: File;
  readonly path: string;
}

/** What a person dropped or chose: absolute paths where the shell knows them, else the files themselves. */
export type Picked =
  | { readonly kind: 'paths'; readonly paths: readonly string[] }
  | { readonly kind: 'files'; readonly files: readonly PickedFile[] };

/** Files of one drop or choice: beyond this a path is the better way, and the screen says so. */
export const MAX_PICKED_FILES = 5_000;

/** Reads a file input. Files of a folder input carry their path below the folder; where paths are known, the folder itself is meant. */
export function fromInput(list: FileList): Picked {
  const files = [...list];
  const paths = files.flatMap((file) => {
    const path = filePath(file);
    return path === null ? [] : [folderOf(path, file.webkitRelativePath)];
  });
  if (files.length > 0 && paths.length === files.length) {
    return { kind: 'paths', paths: [...new Set(paths)] };
  }
  return {
    kind: 'files',
    files: files.map((file) => ({ file, path: file.webkitRelativePath || file.name })),
  };
}

/** Reads a drop; folders are walked. Must be called within the event, whose list is empty afterwards. */
export async function fromDrop(transfer: DataTransfer): Promise<Picked> {
  const files = [...transfer.files];
  const paths = files.flatMap((file) => filePath(file) ?? []);
  if (files.length > 0 && paths.length === files.length) return { kind: 'paths', paths };
  const entries = [...transfer.items].flatMap((item) => {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null;
    return entry ? [entry] : [];
  });
  if (entries.length === 0) {
    return { kind: 'files', files: files.map((file) => ({ file, path: file.name })) };
  }
  const found: PickedFile[] = [];
  for (const entry of entries) await walk(entry, found);
  return { kind: 'files', files: found };
}

/** Name for a new collection: the folder's, else the first file's without its ending. */
export function nameFor(picked: Picked): string {
  const first = picked.kind === 'paths' ? picked.paths[0] : picked.files[0]?.path;
  const parts = (first ?? '').split(/[/\\]/u).filter((part) => part !== '');
  const name = picked.kind === 'files' && parts.length > 1 ? parts[0] : parts.at(-1);
  return (name ?? '').replace(/\.[A-Za-z0-9]{1,8}$/u, '').slice(0, 120);
}

/** The folder that was chosen: the absolute path of a file without what stands below the folder. */
function folderOf(path: string, below: string): string {
  if (below === '') return path;
  const name = below.split('/')[0] ?? '';
  return path.slice(0, path.length - below.length) + name;
}

async function walk(entry: FileSystemEntry, found: PickedFile[]): Promise<void> {
  if (found.length >= MAX_PICKED_FILES) return;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    found.push({ file, path: entry.fullPath.replace(/^\//u, '') });
    return;
  }
  // What the engine would leave out too: no need to send it.
  if (entry.name === 'node_modules' || entry.name === '.git') return;
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const children = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (children.length === 0) return;
    for (const child of children) await walk(child, found);
  }
}
