import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { loosePath } from '../../src-main/core/library/git/packs/loose-object.ts';
import { IncomingPack } from '../../src-main/core/library/git/packs/incoming-pack.ts';
import { PACK_LIMITS } from '../../src-main/core/library/git/packs/pack-limits.ts';
import { gitPlaces } from '../../src-main/core/library/git/places.ts';
import { git } from './git-repo.ts';
import { oidOfBlob } from './packs.helper.ts';

/** Takes a pack as a fetch would. */
export async function takePack(gitdir: string, bytes: Buffer): Promise<number> {
  const incoming = new IncomingPack(gitdir);
  try {
    incoming.write(bytes);
    return await incoming.finish(PACK_LIMITS);
  } finally {
    incoming.discard();
  }
}

export function packFiles(gitdir: string, extension: 'pack' | 'idx' = 'idx'): string[] {
  const dir = join(gitdir, 'objects', 'pack');
  return readdirSync(dir)
    .filter((name) => name.endsWith(`.${extension}`))
    .map((name) => join(dir, name));
}

/** Native git's own opinion of each pack and of the whole. Throws where it finds anything. */
export function judge(gitdir: string): void {
  for (const path of packFiles(gitdir)) git(gitdir, 'verify-pack', path);
  git(gitdir, 'fsck', '--strict', '--full');
}

/** All objects that native git finds, by name, with kind and size. */
export function allObjects(gitdir: string): string[] {
  return git(gitdir, 'cat-file', '--batch-all-objects', '--batch-check').split('\n');
}

/** A file of its own for one object, whole or not there, as git writes it. Returns its name. */
export function looseBlob(gitdir: string, content: Buffer): string {
  const oid = oidOfBlob(content).toString('hex');
  const path = loosePath(gitdir, oid);
  const temp = join(gitPlaces(gitdir).tmp, oid);
  for (const dir of [dirname(path), dirname(temp)]) mkdirSync(dir, { recursive: true });
  writeFileSync(
    temp,
    deflateSync(Buffer.concat([Buffer.from(`blob ${content.length}\0`), content])),
  );
  renameSync(temp, path);
  return oid;
}
