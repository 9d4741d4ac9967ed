import type { Version } from '../../../../../src-contract/library.ts';
import type { Commit } from '../../git/objects.ts';

export function versionOf(oid: string, commit: Commit, state: Version['state']): Version {
  const { message, author, at } = commit;
  return { version: oid, message, author, at, state };
}
