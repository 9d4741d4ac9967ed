import { readdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isMissing } from '../shared/private-file.ts';

interface SyncTool {
  readonly name: string;
  /** A name on the way to a folder. */
  readonly folder?: RegExp;
  /** What the tool keeps in the folder that it synchronises. */
  readonly mark?: RegExp;
}

const TOOLS: readonly SyncTool[] = [
  { name: 'Dropbox', folder: /^Dropbox(?: \(.*\))?$/, mark: /^\.dropbox\.cache$/ },
  { name: 'OneDrive', folder: /^OneDrive(?: - .*|-.*)?$/ },
  { name: 'iCloud', folder: /^(?:iCloudDrive|Mobile Documents)$/ },
  { name: 'Google Drive', folder: /^(?:Google Drive|GoogleDrive-.*)$/ },
  { name: 'Syncthing', mark: /^\.stfolder$/ },
  { name: 'Nextcloud', mark: /^\._?sync_[\w-]*\.db$/ },
];

/**
 * Which tool synchronises the folder that `path` lies in, null where none is known to: by the names on
 * the way and by what the tools leave in their folders. A folder that can't be read tells nothing.
 */
export async function syncToolOf(path: string): Promise<string | null> {
  const at = resolve(path);
  const names = at.split(/[\\/]/);
  const byName = TOOLS.find(({ folder }) => folder && names.some((name) => folder.test(name)));
  if (byName) return byName.name;
  for (let dir = at; ; dir = dirname(dir)) {
    const inside = await namesIn(dir);
    const byMark = TOOLS.find(({ mark }) => mark && inside.some((name) => mark.test(name)));
    if (byMark) return byMark.name;
    if (dirname(dir) === dir) return null;
  }
}

async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (isMissing(error) || isClosed(error)) return [];
    throw error;
  }
}

function isClosed(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'EACCES' || error.code === 'EPERM' || error.code === 'ENOTDIR')
  );
}
