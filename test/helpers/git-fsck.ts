import { git } from './git-repo.ts';

/**
 * Native git's own judgement of a repository: every object in it, and all that any ref names, those
 * below `refs/app` too. Throws with its output where it complains. What no ref names is no fault.
 */
export function fsckStrict(gitdir: string): void {
  git(gitdir, '--git-dir=.', 'fsck', '--strict', '--full', '--no-dangling');
}
