import { folderItemOf } from '../items/item-kind.ts';

/** Whether a path is meant: itself, below a folder, or a part of the skill or template that is named. Null means all. */
export function selector(paths: readonly string[] | null): (path: string) => boolean {
  if (paths === null) return () => true;
  const exact = new Set(paths);
  const folders = paths.map((path) => `${folderItemOf(path)?.folder ?? path}/`);
  return (path) => exact.has(path) || folders.some((folder) => path.startsWith(folder));
}
