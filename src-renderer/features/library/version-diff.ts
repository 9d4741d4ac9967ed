import type { FileDiff } from '../../../src-contract/library.ts';
import { call } from '../../bridge.ts';
import { diffTexts } from './line-diff.ts';

/** Versions of one path that are looked through for the one before. */
const MOST_VERSIONS = 500;

/** What `version` changed in one file: against the version of it before. Throws `AppError`. */
export async function changeOf(path: string, version: string): Promise<FileDiff> {
  const { versions } = await call('library.log', { path, limit: MOST_VERSIONS });
  const at = versions.findIndex((each) => each.version === version);
  const before = at < 0 ? undefined : versions[at + 1];
  if (before) return call('library.diff', { path, from: before.version, to: version });
  const { source, size } = await call('library.at', { version, path });
  if (source !== null) return diffTexts(path, null, source);
  return {
    path,
    change: 'added',
    kind: 'binary',
    hunks: [],
    lineEnds: false,
    oldSize: 0,
    newSize: size,
  };
}
