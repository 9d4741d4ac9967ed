import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { AppError } from '../../../../../src-contract/app-error.ts';
import { isMissing, removeIfThere } from '../atomic-fs.ts';
import { turns } from '../turns.ts';
import { copyEntries, entriesOf } from './copy-pack.ts';
import { packHead, typeNumber } from './entry.ts';
import { loosePath, readLoose, type StoredObject } from './loose-object.ts';
import { NewPack } from './new-pack.ts';
import { MAX_PACK_BYTES } from './pack-index.ts';
import { PackReader, type OpenPack } from './pack-reader.ts';
import { packDir } from './place-pack.ts';

/** Packs that may be there before some are put together; each sync adds at most one, so there is never one more than 9. */
const MAX_PACKS = 8;
/** Of the 256 folders of loose objects: so many are in use with some 400 objects. Emptied ones are removed. */
const MAX_LOOSE_FOLDERS = 200;
/** A pack stays as it is while it is so many times larger than all smaller ones together: an object is copied again only when its pack grows by half. */
const FACTOR = 2;

/**
 * Keeps a git directory at a few packs, however many syncs it has seen: puts small packs and loose
 * objects together where there are too many, else only reads two or three folders. Call it after each
 * update and publish, under the lock of the library. May be interrupted anywhere: what was there goes
 * when the new pack is on the disk; what is left twice or half goes the next time. Readers in other
 * threads and processes go on: they look for the new pack where an old one has gone.
 *
 * What the disk damaged stays where it is: who needs it is told so when it is read. Errors: the disk's
 * own. Nothing has changed then.
 */
export async function consolidate(gitdir: string): Promise<void> {
  const names = listed(packDir(gitdir));
  const tooManyPacks = names.filter((name) => name.endsWith('.idx')).length > MAX_PACKS;
  if (!tooManyPacks && looseFolders(gitdir).length <= MAX_LOOSE_FOLDERS) return;
  removeOrphans(gitdir, names);
  const { packs } = new PackReader(gitdir);
  const merged = tooManyPacks ? await wholeOnes(smallOnes(packs)) : [];
  const loose = looseObjects(gitdir);
  const twice = new Set(loose.filter((oid) => packs.some(({ index }) => holds(index, oid))));
  const toPack = loose.filter((oid) => !twice.has(oid));
  if (merged.length < 2 && toPack.length === 0) return removeLoose(gitdir, [...twice]);
  const { name, packed } = await writeTogether(gitdir, merged, toPack);
  for (const { path } of merged) if (!path.endsWith(`${name}.pack`)) removePack(path);
  removeLoose(gitdir, [...twice, ...packed]);
}

/** The smallest packs, so that each of the others is larger than all smaller ones together, and few are left. */
function smallOnes(packs: readonly OpenPack[]): readonly OpenPack[] {
  const bySize = packs.toSorted((a, b) => a.bytes.size - b.bytes.size);
  let sum = 0;
  let count = bySize.length - MAX_PACKS + 1;
  for (const [n, { bytes }] of bySize.entries()) {
    if (bytes.size < FACTOR * sum) count = Math.max(count, n + 1);
    sum += bytes.size;
  }
  let total = 0;
  // A base that is told by its name takes up to 20 bytes more.
  const fitting = bySize.slice(0, count).filter(({ bytes, index }) => {
    const most = bytes.size + index.count * 20;
    if (total + most > MAX_PACK_BYTES / 2) return false;
    total += most;
    return true;
  });
  // The largest first: what is in several packs is more often a delta there.
  return fitting.toReversed();
}

/** Those whose entries are what they were when they came. */
async function wholeOnes(packs: readonly OpenPack[]): Promise<readonly OpenPack[]> {
  const turn = turns();
  const whole: OpenPack[] = [];
  for (const pack of packs) {
    let isWhole = true;
    for (const { row, offset, end } of entriesOf(pack)) {
      isWhole &&= crc32(pack.bytes.at(offset, end - offset)) === pack.index.crc(row);
      await turn();
    }
    if (isWhole) whole.push(pack);
  }
  return whole;
}

interface Written {
  readonly name: string;
  /** Loose objects that are in it. */
  readonly packed: readonly string[];
}

/**
 * Pack by pack: an object that is in several is taken from the first of them, and its base from there
 * or one before, so that deltas never go in a circle.
 */
async function writeTogether(
  gitdir: string,
  merged: readonly OpenPack[],
  loose: readonly string[],
): Promise<Written> {
  const turn = turns();
  const whole = loose.filter((oid) => readWhole(gitdir, oid) !== null);
  const entries = merged.map(entriesOf);
  const isFirst = (n: number, oid: Buffer): boolean =>
    merged.slice(0, n).every(({ index }) => index.find(oid) < 0);
  let count = whole.length;
  for (const [n, { index }] of merged.entries()) {
    for (let row = 0; row < index.count; row += 1) if (isFirst(n, index.oid(row))) count += 1;
    await turn();
  }
  const pack = new NewPack(gitdir, count);
  try {
    for (const [n, from] of merged.entries()) {
      const copied = copyEntries(from, entries[n] ?? [], (oid) => isFirst(n, oid), pack);
      for (const _ of copied) await turn();
    }
    for (const oid of whole) {
      const object = readWhole(gitdir, oid);
      if (!object) throw new Error('a loose object changed');
      const { type, bytes } = object;
      const head = packHead(typeNumber(type), bytes.length);
      pack.add(Buffer.from(oid, 'hex'), head, deflateSync(bytes));
      await turn();
    }
    return { name: pack.finish(), packed: whole };
  } finally {
    pack.discard();
  }
}

/** Null for a damaged one: it stays where it is, and who needs it is told so. */
function readWhole(gitdir: string, oid: string): StoredObject | null {
  try {
    return readLoose(gitdir, oid);
  } catch (error) {
    if (error instanceof AppError && error.code === 'library/damaged') return null;
    throw error;
  }
}

function holds(index: OpenPack['index'], oid: string): boolean {
  return index.find(Buffer.from(oid, 'hex')) >= 0;
}

/** The index first: without it the pack is none, and is taken away the next time. */
function removePack(path: string): void {
  const stem = path.slice(0, -'.pack'.length);
  for (const extension of ['idx', 'rev', 'pack']) removeIfThere(`${stem}.${extension}`);
}

/** What native git has while it fetches, and leaves where it is killed. */
const NATIVE_LEFT = /^(?:tmp_|\.tmp-)|\.keep$/;

/** Halves of packs that an interruption left. Nobody else places packs: we hold the lock. */
function removeOrphans(gitdir: string, names: readonly string[]): void {
  for (const name of names) {
    if (NATIVE_LEFT.test(name)) removeIfThere(join(packDir(gitdir), name));
    const half = /^(.+)\.(pack|idx)$/.exec(name);
    const other = half?.[2] === 'pack' ? 'idx' : 'pack';
    if (half && !names.includes(`${half[1]}.${other}`)) {
      removePack(join(packDir(gitdir), `${half[1]}.pack`));
    }
  }
}

function looseFolders(gitdir: string): readonly string[] {
  return listed(join(gitdir, 'objects')).filter((name) => /^[0-9a-f]{2}$/.test(name));
}

function looseObjects(gitdir: string): readonly string[] {
  return looseFolders(gitdir).flatMap((folder) =>
    listed(join(gitdir, 'objects', folder))
      .filter((name) => /^[0-9a-f]{38}$/.test(name))
      .map((name) => folder + name),
  );
}

function removeLoose(gitdir: string, oids: readonly string[]): void {
  for (const oid of oids) removeIfThere(loosePath(gitdir, oid));
  for (const folder of new Set(oids.map((oid) => oid.slice(0, 2)))) {
    const path = join(gitdir, 'objects', folder);
    if (existsSync(path) && readdirSync(path).length === 0) rmdirSync(path);
  }
}

function listed(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
