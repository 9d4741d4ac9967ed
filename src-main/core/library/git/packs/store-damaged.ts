import { AppError } from '../../../../../src-contract/app-error.ts';

/** What we checked when it came no longer unpacks: the disk, or another program. */
export function storeDamaged(oid: string, cause?: unknown): AppError {
  return new AppError('library/damaged', 'A part of the library is damaged on this disk.', {
    remedy:
      'Check the disk, then move the folder "library" of this workspace away and connect again: your files stay as they are.',
    data: { oid },
    cause,
  });
}
