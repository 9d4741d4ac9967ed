import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { AppError } from '../../src-contract/app-error.ts';
import { settings, type SettingKey, type Settings } from '../../src-contract/settings.ts';

export interface WantedSetting {
  readonly key: SettingKey;
  readonly value: Settings[SettingKey];
}

/** Writes settings as JSON, whole or not at all. Errors: `config/not-writable`. */
export async function writeSettingsFile(
  file: string,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, `${JSON.stringify(values, null, 2)}\n`, {
      mode: 0o600,
      flush: true,
    });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new AppError('config/not-writable', `${file} could not be written.`, {
      remedy: 'Check that its folder is there and that your user may write to it.',
      cause: error,
    });
  }
}

/**
 * Reads settings that were exported, sorted by key; only those that the file names. Every one is
 * checked before any is used. Errors: `usage/bad-settings-file`.
 */
export async function readSettingsFile(file: string): Promise<WantedSetting[]> {
  let found: unknown;
  try {
    found = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw badFile(file, error instanceof Error ? error.message : String(error), error);
  }
  const parsed = settings().strict().safeParse(found);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.map(String).join('.');
    throw badFile(file, `${where ? `${where}: ` : ''}${issue?.message ?? 'not valid'}`);
  }
  const named = new Set(Object.keys(found as object));
  return settings()
    .keyof()
    .options.filter((key) => key !== 'format' && named.has(key))
    .toSorted()
    .map((key) => ({ key, value: parsed.data[key] }));
}

function badFile(file: string, why: string, cause?: unknown): AppError {
  return new AppError('usage/bad-settings-file', `${file} can not be imported (${why}).`, {
    remedy: 'Name a file that "carrel config export" wrote. Nothing was changed.',
    cause,
  });
}
