import type { Change, ItemState, TrashEntry } from '../../../src-contract/library.ts';
import type { IconName } from '../../ui/icon.tsx';
import type { Tone } from '../../ui/state.tsx';

interface StateWords {
  readonly word: string;
  readonly tone: Tone;
  readonly icon: IconName;
  /** One sentence: what it means for the person. */
  readonly says: string;
}

/** Each state but `clean`, which says nothing. */
export const STATES: Readonly<Record<Exclude<ItemState, 'clean'>, StateWords>> = {
  edited: {
    word: 'edited',
    tone: 'plain',
    icon: 'edited',
    says: 'You edited it here; it is not published.',
  },
  added: {
    word: 'new',
    tone: 'plain',
    icon: 'edited',
    says: 'You made it here; it is not published.',
  },
  deleted: {
    word: 'deleted',
    tone: 'warn',
    icon: 'removed',
    says: 'You deleted it here; the team still has it.',
  },
  queued: {
    word: 'queued',
    tone: 'plain',
    icon: 'waiting',
    says: 'Published here; it goes to the team when the remote can be reached.',
  },
  conflict: {
    word: 'conflict',
    tone: 'warn',
    icon: 'conflict',
    says: 'You and the team both changed it.',
  },
  quarantined: {
    word: 'quarantined',
    tone: 'fail',
    icon: 'quarantined',
    says: 'The team’s version has it, and Carrel does not write it here.',
  },
};

export const SIGNS: Readonly<Record<Change['change'], string>> = {
  added: '+',
  modified: '~',
  deleted: '−',
};

/** Why something is in the trash. */
export const TRASH_WHY: Readonly<Record<TrashEntry['why'], string>> = {
  removed: 'you deleted it',
  discarded: 'you discarded your edits',
  'team-deleted': 'the team deleted it',
  merged: 'before the team’s change was merged in',
  resolved: 'not taken when a conflict was solved',
  replaced: 'replaced by another version',
};

/** Where the parts of a path are, for a narrow place: its last two. */
export function nameOf(path: string): string {
  return path.split('/').at(-1) ?? path;
}
