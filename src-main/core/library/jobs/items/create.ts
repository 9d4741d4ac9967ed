import { join } from 'node:path';
import { statOrNull } from '../../files/record.ts';
import { blobOid } from '../../git/objects.ts';
import type { ItemJobs, Written } from '../../item-jobs.ts';
import { freeName, siblings } from '../../items/free-place.ts';
import { badName } from '../../items/item-errors.ts';
import { placeToWrite, refuseTaken } from '../../items/item-path.ts';
import { newItemText, titleOf, type NewKind } from '../../items/new-item.ts';
import { onDisk, writeNew } from '../../items/place-file.ts';
import { asciiSlugOf, slugOf } from '../../items/slug.ts';
import { foldedPath, pathProblem } from '../../portable-path.ts';
import { elsewhere, recordHere } from './shelf.ts';

/**
 * Makes a new item with the least that its kind needs, at a path from its name that is free on every
 * system. Documents need the name of their collection, which is made where there is none.
 *
 * Errors: `library/none`, `library/bad-name`, `library/bad-path`, `library/path-taken`, the disk's own.
 */
export function create({ dirs, kind, name, collection }: ItemJobs['create']['input']): Written {
  return onDisk(() => {
    const record = recordHere(dirs);
    // What was deleted here may come back with the next version: its name stays taken.
    const known = [...record.files.keys(), ...elsewhere(record)];
    const title = titleOf(name);
    const { folder, name: file, slug } = freeIn(folderOf(kind));
    const path = `${folder}${file}${kind === 'skill' ? '/SKILL.md' : ''}`;
    placeToWrite(dirs.files, path);
    refuseTaken(dirs.files, elsewhere(record), path);
    const bytes = Buffer.from(newItemText(kind, title, slug), 'utf8');
    writeNew(dirs, path, bytes);
    return { path, oid: blobOid(bytes) };

    function folderOf(of: NewKind): string {
      if (of !== 'knowledge') return `${of}s/`;
      if (collection === null) throw badName('a document needs the name of its collection');
      return `knowledge/${collectionFolder(dirs.files, known, titleOf(collection))}/`;
    }

    function freeIn(folder: string): { folder: string; name: string; slug: string } {
      const ending = ENDINGS[kind];
      const own = kind === 'skill' ? asciiSlugOf(title) : slugOf(title);
      const slug = portable(folder, own, ending, kind);
      const free = freeName(siblings(dirs.files, known, folder), slug + ending, folder);
      return { folder, name: free, slug: free.slice(0, free.length - ending.length) };
    }
  });
}

const ENDINGS: Readonly<Record<NewKind, string>> = {
  prompt: '.prompt.md',
  agent: '.agent.md',
  skill: '',
  knowledge: '.md',
};

/** The folder that has this name or the slug of it already, in its own spelling; else a new one. */
function collectionFolder(root: string, known: readonly string[], title: string): string {
  const there = siblings(root, known, 'knowledge/');
  const slug = portable('knowledge/', slugOf(title), '', 'collection');
  const found = there.get(foldedPath(title)) ?? there.get(foldedPath(slug));
  if (found === undefined) return slug;
  const isFile = statOrNull(join(root, 'knowledge', found))?.isDirectory() === false;
  return isFile ? freeName(there, slug, 'knowledge/') : found;
}

/** The slug, or one that every system takes where it is empty or, say, a device of Windows. */
function portable(folder: string, slug: string, ending: string, fallback: string): string {
  const tries = slug === '' ? [] : [slug, `${slug}-${fallback}`];
  return tries.find((each) => pathProblem(folder + each + ending) === null) ?? fallback;
}
