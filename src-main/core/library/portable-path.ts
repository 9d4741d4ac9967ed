import { MAX_DEPTH, MAX_NAME_BYTES, MAX_PATH_UNITS } from './limits.ts';

/** Device names of Windows, with any extension and with the superscript digits that it takes for digits. */
const DEVICES =
  /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])$/i;
/** What Windows forbids in names, besides control characters. The colon also opens alternate streams. */
const FORBIDDEN = /[<>:"|?*\\]/;
/** Characters that hide in a name or turn its direction; macOS even ignores some when it compares names. */
const INVISIBLE =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u00ad\u061c\u180e\u200b-\u200c\u200e-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;

/**
 * Why a path of a library is not written on any system, in words, or null where it is fine. A name
 * is refused everywhere if one system would change it, run into it or write elsewhere.
 */
export function pathProblem(path: string): string | null {
  if (path.length > MAX_PATH_UNITS) return 'its path is too long for Windows';
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) return 'it is an absolute path';
  const names = path.split('/');
  if (names.length > MAX_DEPTH) return 'it is too deep inside folders';
  for (const name of names) {
    const problem = nameProblem(name);
    if (problem !== null) return problem;
  }
  return null;
}

function nameProblem(name: string): string | null {
  if (name === '') return 'it has an empty name';
  if (name === '.' || name === '..') return 'it points out of its folder';
  if (INVISIBLE.test(name)) return 'its name has invisible characters';
  if (FORBIDDEN.test(name)) return 'its name has characters that Windows forbids';
  if (/[. ]$/.test(name)) return 'its name ends with a dot or space';
  if (DEVICES.test(name.split('.')[0]?.trimEnd() ?? '')) return 'its name is a device of Windows';
  if (isGitName(name)) return 'its name belongs to Git';
  if (Buffer.byteLength(name, 'utf8') > MAX_NAME_BYTES) return 'its name is too long';
  return null;
}

/** `.git` in the spellings that file systems take for it, and Windows' short name of it. */
function isGitName(name: string): boolean {
  const plain = name.normalize('NFKC').toLowerCase();
  return plain === '.git' || /^git~\d+$/.test(plain);
}

/** Two names with the same key are the same file on some system (case, Unicode composition). */
export function foldedPath(path: string): string {
  return path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}
