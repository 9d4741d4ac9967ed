import { AppError } from '../../../../src-contract/app-error.ts';

/** Longest part of a path or name that is repeated in a message. */
const MAX_SHOWN = 200;

/** `why` completes "…, because it points out of its folder". */
export function badPath(path: string, why: string): AppError {
  const shown = shownPath(path);
  return new AppError('library/bad-path', `"${shown}" can't be used, because ${why}.`, {
    remedy: 'Choose a path below the library whose names work on every system.',
    data: { path: shown },
  });
}

export function pathTaken(path: string): AppError {
  return new AppError('library/path-taken', `There is "${shownPath(path)}" already.`, {
    remedy:
      'Choose another name. Names that differ only in case or accents are the same on some systems.',
    data: { path },
  });
}

export function changedMeanwhile(path: string): AppError {
  return new AppError(
    'library/changed-meanwhile',
    `"${shownPath(path)}" was changed while it was edited.`,
    {
      remedy: 'Nothing was written. Copy your text, open the item again and bring both together.',
      data: { path },
    },
  );
}

export function fileTooLarge(path: string): AppError {
  return new AppError('library/file-too-large', `"${shownPath(path)}" is larger than 10 MB.`, {
    remedy: 'Keep large files out of the library: everybody clones all of its history.',
    data: { path },
  });
}

export function badText(path: string): AppError {
  return new AppError(
    'library/bad-text',
    `The text of "${shownPath(path)}" has half characters that no file can hold.`,
    { remedy: 'Remove the broken characters. Nothing was written.', data: { path } },
  );
}

export function badName(why: string): AppError {
  return new AppError('library/bad-name', `That can't be the name of an item: ${why}.`, {
    remedy: 'Choose a name with letters or digits.',
  });
}

export function unknownVersion(version: string): AppError {
  return new AppError(
    'library/unknown-version',
    `The library has no version ${version.slice(0, 12)}.`,
    { remedy: 'Look at the list of versions.', action: 'open-library', data: { version } },
  );
}

function shownPath(path: string): string {
  return path.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\u{fffd}').slice(0, MAX_SHOWN);
}
