import { AppError } from '../../../../src-contract/app-error.ts';
import type { Session } from '../../session.ts';

/** Versions that are looked through for a shortened one: the most that the engine lists. */
const MAX_VERSIONS = 500;
const WHOLE = /^[0-9a-f]{40}$/;
/** Fewer characters fit too many. */
const SHORTENED = /^[0-9a-f]{4,39}$/;

/**
 * The whole id of a version that a person gave, perhaps shortened. Errors: `usage/bad-version`,
 * `usage/ambiguous-version`, `library/unknown-version`.
 */
export async function versionOf(engine: Session, given: string): Promise<string> {
  const text = given.trim().toLowerCase();
  if (WHOLE.test(text)) return text;
  if (!SHORTENED.test(text)) throw badVersion(given);
  const { versions } = await engine.call('library.log', { limit: MAX_VERSIONS });
  const found = versions.filter(({ version }) => version.startsWith(text));
  const [only] = found;
  if (!only) throw unknownVersion(given);
  if (found.length > 1) throw ambiguous(given, found.length);
  return only.version;
}

function badVersion(given: string): AppError {
  return new AppError('usage/bad-version', `"${given.slice(0, 60)}" is no version.`, {
    remedy: 'Give the first characters that carrel library log shows, at least four.',
  });
}

function ambiguous(given: string, count: number): AppError {
  return new AppError('usage/ambiguous-version', `${count} versions begin with ${given}.`, {
    remedy: 'Give more characters of it: carrel library log --json shows them all.',
  });
}

function unknownVersion(given: string): AppError {
  return new AppError(
    'library/unknown-version',
    `None of the newest ${MAX_VERSIONS} versions begins with ${given}.`,
    { remedy: 'carrel library log shows them; an older one needs all 40 characters.' },
  );
}
