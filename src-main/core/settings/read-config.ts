import { readFileSync, statSync } from 'node:fs';
import { chmod, copyFile, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DEFAULT_SETTINGS } from '../../../src-contract/default-settings.ts';
import type { SettingKey, Settings, SettingsProblem } from '../../../src-contract/settings.ts';
import { isMissing, PRIVATE_FILE_MODE } from '../shared/private-file.ts';

/** Settings are a few hundred bytes; a file of this size is something else. */
const MAX_CONFIG_BYTES = 1024 * 1024;

/** What the file holds as a whole; keys of a later version are kept as they are. */
export type ConfigObject = Readonly<Record<string, unknown>>;

export interface ReadConfig {
  readonly values: Settings;
  readonly problems: readonly SettingsProblem[];
  /** What the file should hold from now on, where it held something invalid; null leaves it as it is. */
  readonly repaired: ConfigObject | null;
  /** False where the file must not be written: it is from a later version, or can't be read. */
  readonly writable: boolean;
}

type Content =
  | { readonly kind: 'missing' }
  | { readonly kind: 'object'; readonly value: ConfigObject }
  | { readonly kind: 'future'; readonly value: ConfigObject }
  | { readonly kind: 'unparsable'; readonly why: string }
  | { readonly kind: 'unreadable'; readonly why: string };

/**
 * Reads config.json. One with something invalid is copied aside (one that does not parse is moved),
 * the valid values count and defaults stand in for the rest. Never throws for what it finds.
 */
export async function readConfig(file: string, now: number): Promise<ReadConfig> {
  const content = contentOf(file);
  if (content.kind === 'missing') return { ...defaults([]), writable: true };
  if (content.kind === 'unreadable') return defaults([unreadable(content.why)]);
  if (content.kind === 'unparsable') {
    const aside = await putAside(file, now, 'move');
    if (!aside.ok) return defaults([unreadable(aside.why)]);
    return { ...defaults([unparsable(content.why, aside.name)]), writable: true };
  }
  const { validValues } = await import('./check-config.ts');
  const { values, invalid } = validValues(content.value);
  if (content.kind === 'future') return { ...defaults([fromFuture()]), values };
  if (invalid.length === 0) return { values, problems: [], repaired: null, writable: true };
  const aside = await putAside(file, now, 'copy');
  if (!aside.ok) return { ...defaults([unreadable(aside.why)]), values };
  const problems = invalid.map(({ key, why }) => invalidValue(key, why, aside.name));
  const bad = new Set<string>(invalid.map(({ key }) => key));
  const kept = Object.entries(content.value).filter(([key]) => !bad.has(key));
  return { values, problems, repaired: Object.fromEntries(kept), writable: true };
}

/** What is wrong with the file as it is now, without touching it. */
export async function validateConfig(file: string): Promise<readonly SettingsProblem[]> {
  const content = contentOf(file);
  if (content.kind === 'missing') return [];
  if (content.kind === 'unreadable') return [unreadable(content.why)];
  if (content.kind === 'unparsable') return [unparsable(content.why, null)];
  if (content.kind === 'future') return [fromFuture()];
  const { validValues } = await import('./check-config.ts');
  return validValues(content.value).invalid.map(({ key, why }) => invalidValue(key, why, null));
}

function contentOf(file: string): Content {
  let text: string;
  try {
    if (statSync(file).size > MAX_CONFIG_BYTES) {
      return { kind: 'unparsable', why: 'it is far too large' };
    }
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return { kind: 'missing' };
    return { kind: 'unreadable', why: messageOf(error) };
  }
  let found: unknown;
  try {
    // Editors of Windows put a byte order mark in front.
    found = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { kind: 'unparsable', why: messageOf(error) };
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found)) {
    return { kind: 'unparsable', why: 'it is not an object' };
  }
  const value = found as ConfigObject;
  const { format } = value;
  const isFuture = Number.isSafeInteger(format) && Number(format) > DEFAULT_SETTINGS.format;
  return { kind: isFuture ? 'future' : 'object', value };
}

type Aside =
  { readonly ok: true; readonly name: string } | { readonly ok: false; readonly why: string };

async function putAside(file: string, now: number, how: 'copy' | 'move'): Promise<Aside> {
  const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
  const name = `${basename(file, '.json')}.invalid-${stamp}.json`;
  const aside = join(dirname(file), name);
  try {
    if (how === 'move') await rename(file, aside);
    else await copyFile(file, aside);
    await chmod(aside, PRIVATE_FILE_MODE);
    return { ok: true, name };
  } catch (error) {
    return { ok: false, why: messageOf(error) };
  }
}

function defaults(problems: readonly SettingsProblem[]): ReadConfig {
  return { values: { ...DEFAULT_SETTINGS }, problems, repaired: null, writable: false };
}

function unparsable(why: string, aside: string | null): SettingsProblem {
  return {
    code: 'settings/unparsable',
    message: `The configuration file could not be understood (${why}); defaults are used.`,
    remedy: aside
      ? `Your file was kept as ${aside}: correct it and name it config.json again, or set your settings anew.`
      : 'Correct the file, or remove it to begin with defaults.',
  };
}

function invalidValue(key: SettingKey, why: string, aside: string | null): SettingsProblem {
  return {
    code: 'settings/invalid-value',
    message: `The value of "${key}" in the configuration file is not valid (${why}); its default is used.`,
    remedy: aside
      ? `Set "${key}" again. Your file was kept as ${aside}.`
      : `Set "${key}" to a valid value.`,
  };
}

function unreadable(why: string): SettingsProblem {
  return {
    code: 'settings/unreadable',
    message: `The configuration file can not be used (${why}); defaults are used and nothing is stored.`,
    remedy: 'Give your user the right to read and write config.json and its folder.',
  };
}

function fromFuture(): SettingsProblem {
  return {
    code: 'settings/from-future',
    message: 'The configuration file was written by a newer Carrel; what is known of it is used.',
    remedy: 'Install the newer Carrel again to change settings. The file is not touched.',
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
