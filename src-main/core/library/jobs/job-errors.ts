import { AppError } from '../../../../src-contract/app-error.ts';

export function emptyRemote(place: string): AppError {
  return new AppError('library/empty-remote', `The repository at ${place} has no version yet.`, {
    remedy: 'Publish a first version to it. Nothing was changed.',
    data: { place },
  });
}

export function noRemote(): AppError {
  return new AppError('library/no-remote', 'This library has no remote.', {
    remedy: 'Give it one to share it with others.',
    action: 'open-library',
  });
}

export function unknownPath(path: string): AppError {
  return new AppError(
    'library/unknown-item',
    `"${path.slice(0, 200)}" is not in the library in this version.`,
    { remedy: 'Look at the list of items and versions.', action: 'open-library' },
  );
}

export function changedMeanwhile(path: string): AppError {
  return new AppError(
    'library/changed-meanwhile',
    `"${path.slice(0, 200)}" was changed by another program just now.`,
    { remedy: 'Look at it again, then decide. Nothing was changed.', action: 'retry' },
  );
}
