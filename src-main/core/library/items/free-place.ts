import { join } from 'node:path';
import { statOrNull } from '../files/record.ts';
import { foldedPath } from '../portable-path.ts';
import { pathTaken } from './item-errors.ts';
import { namesIn } from './item-path.ts';

/** Numbers that are tried: more of one name is no accident. */
const MAX_NUMBER = 10_000;

/**
 * The path itself where nothing stands there, on no system; else the same with a number in the name
 * that is in the way (`review-2.prompt.md`). `known` are paths that keep their names though they are
 * not on the disk. Errors: `library/path-taken` (every number).
 */
export function freePlace(root: string, known: readonly string[], path: string): string {
  let at = '';
  const names = path.split('/');
  for (const [n, name] of names.entries()) {
    const onDisk = siblings(root, [], at);
    const other = onDisk.get(foldedPath(name)) ?? siblings(root, known, at).get(foldedPath(name));
    const stat = statOrNull(join(root, at, name));
    const isFree = stat === null && (other === undefined || other === name);
    const isWay = n < names.length - 1 && other === name && stat?.isDirectory() === true;
    at += isFree || isWay ? name : freeName(siblings(root, known, at), name, at);
    if (n < names.length - 1) at += '/';
  }
  return at;
}

/** The first of `name`, `name-2`, `name-3`, … that no name of a folder is, in any spelling. */
export function freeName(
  taken: Pick<ReadonlyMap<string, unknown>, 'has'>,
  name: string,
  folder: string,
): string {
  for (let n = 1; n <= MAX_NUMBER; n += 1) {
    const candidate = n === 1 ? name : numbered(name, n);
    if (!taken.has(foldedPath(candidate))) return candidate;
  }
  throw pathTaken(folder + name);
}

/** Names in a folder (with its slash) by their folded form, of the disk and of `known` paths. */
export function siblings(
  root: string,
  known: Iterable<string>,
  folder: string,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const path of known) {
    const name = path.startsWith(folder) ? path.slice(folder.length).split('/')[0] : undefined;
    if (name !== undefined && name !== '') names.set(foldedPath(name), name);
  }
  for (const name of namesIn(join(root, folder))) names.set(foldedPath(name), name);
  return names;
}

function numbered(name: string, n: number): string {
  const dot = name.indexOf('.', 1);
  return dot < 0 ? `${name}-${n}` : `${name.slice(0, dot)}-${n}${name.slice(dot)}`;
}
