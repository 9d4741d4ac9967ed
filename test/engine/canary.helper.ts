import { readdirSync, readFileSync, readlinkSync, type Dirent } from 'node:fs';
import { join, relative } from 'node:path';
import { isMissing } from '../../src-main/core/shared/private-file.ts';

/** A word that occurs nowhere by chance: letters only, so that an index keeps it in one piece. */
export function newCanary(): string {
  const letters = Array.from({ length: 24 }, () =>
    String.fromCharCode(97 + Math.floor(Math.random() * 26)),
  );
  return `zq${letters.join('')}`;
}

/** The ways in which a text may lie in a file: as bytes, as UTF-16, in base64 at each offset, in hex. */
export function needlesFor(text: string): { readonly form: string; readonly bytes: Buffer }[] {
  const plain = Buffer.from(text, 'utf8');
  const wide = Buffer.from(text, 'utf16le');
  const found = [
    { form: 'utf8', bytes: plain },
    { form: 'UTF8', bytes: Buffer.from(text.toUpperCase()) },
    { form: 'utf16le', bytes: wide },
    { form: 'utf16be', bytes: Buffer.from(wide).swap16() },
    { form: 'hex', bytes: Buffer.from(plain.toString('hex')) },
    { form: 'HEX', bytes: Buffer.from(plain.toString('hex').toUpperCase()) },
    { form: 'reversed', bytes: Buffer.from(plain.toReversed()) },
  ];
  for (const offset of [0, 1, 2]) {
    // What stands before and after shifts and mixes the outer characters only.
    const encoded = Buffer.concat([Buffer.alloc(offset), plain]).toString('base64');
    const inner = encoded.slice(offset === 0 ? 0 : 4, -4);
    found.push({ form: `base64 at ${offset}`, bytes: Buffer.from(inner) });
    const url = inner.replaceAll('+', '-').replaceAll('/', '_');
    found.push({ form: `base64url at ${offset}`, bytes: Buffer.from(url) });
  }
  return found;
}

/** Every place below `dir` where one of the texts lies, as `file: name (form)`; `exempt` folders are not entered. */
export function search(
  dir: string,
  canaries: Readonly<Record<string, string>>,
  exempt: readonly string[] = [],
): string[] {
  const found: string[] = [];
  for (const file of filesBelow(dir, exempt)) {
    const name = relative(dir, file);
    found.push(...inBytes(name, Buffer.from(name), canaries));
    found.push(...inBytes(name, readIfThere(file), canaries));
  }
  return found;
}

/** The same in files that a process has open and that have no name any more (Linux). */
export function searchOpenFiles(pid: number, canaries: Readonly<Record<string, string>>): string[] {
  const folder = `/proc/${pid}/fd`;
  const found: string[] = [];
  for (const name of readdirSync(folder)) {
    const target = linkOf(join(folder, name));
    if (!target?.startsWith('/') || !target.endsWith(' (deleted)')) continue;
    found.push(...inBytes(target, readIfThere(join(folder, name)), canaries));
  }
  return found;
}

function inBytes(
  file: string,
  bytes: Buffer,
  canaries: Readonly<Record<string, string>>,
): string[] {
  return Object.entries(canaries).flatMap(([name, text]) =>
    needlesFor(text)
      .filter((needle) => bytes.includes(needle.bytes))
      .map(({ form }) => `${file}: ${name} (${form})`),
  );
}

function filesBelow(dir: string, exempt: readonly string[]): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(dir, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  return entries.flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return exempt.includes(path) ? [] : filesBelow(path, exempt);
    return entry.isFile() ? [path] : [];
  });
}

/** A running engine removes files meanwhile. */
function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0);
    throw error;
  }
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
