import { expect, test } from 'vitest';
import type { LibraryState, LibraryStatus } from '../../src-contract/library.ts';
import { canWait, needsYou, progressWords, saysOf } from '../../src-renderer/library-words.ts';
import { hostOf, kindOfUrl } from '../../src-renderer/remote/remote-kind.ts';

const error = { code: 'library/any', message: 'm', remedy: 'r' };
const status = (state: LibraryState, over: Partial<LibraryStatus> = {}): LibraryStatus => ({
  state,
  name: 'Team',
  url: 'https://git.example.org/team.git',
  version: 'a'.repeat(40),
  items: 3,
  edited: 0,
  conflicts: 0,
  queued: 0,
  quarantined: 0,
  available: null,
  trust: 'unverified',
  checkedAt: null,
  nextCheckAt: null,
  ...over,
});

test('the title bar says each state in its own words', () => {
  const says = (state: LibraryState, over: Partial<LibraryStatus> = {}, calm = false) =>
    saysOf(status(state, over), calm).text;
  expect(says({ kind: 'idle' })).toBe('Library aaaaaaa, not verified');
  expect(says({ kind: 'idle' }, { queued: 2 })).toBe('Library: 2 queued');
  expect(says({ kind: 'idle' }, { available: { version: 'b', changed: [], versions: [] } })).toBe(
    'Library: update ready',
  );
  expect(says({ kind: 'fetching', done: 1, total: null })).toBe('Library: fetching');
  expect(says({ kind: 'checking', done: 0, total: null }, {}, true)).toBe(
    'Library aaaaaaa, not verified',
  );
  expect(says({ kind: 'offline', error }, { queued: 1 })).toBe('Library offline, 1 queued');
  expect(says({ kind: 'failed', error })).toBe('Library: update failed');
  expect(says({ kind: 'failed', error }, { version: null })).toBe('Library: not opened');
  expect(says({ kind: 'conflict', items: 1 }, { conflicts: 1 })).toBe('Library: 1 conflict');
});

test('what needs the person is counted; what can wait is a dot', () => {
  expect(needsYou(status({ kind: 'conflict', items: 2 }, { conflicts: 2 }))).toBe(2);
  expect(needsYou(status({ kind: 'failed', error }, { conflicts: 1 }))).toBe(2);
  expect(needsYou(status({ kind: 'offline', error }))).toBe(0);
  expect(needsYou(status({ kind: 'quarantined', versions: [] }))).toBe(1);
  expect(canWait(status({ kind: 'idle' }))).toBeNull();
  expect(canWait(status({ kind: 'idle' }, { queued: 1 }))).toBe('1 version waits to be sent');
});

test('what travels is told in bytes, all else as a count', () => {
  expect(progressWords('fetching', 3_400_000, 12_000_000)).toBe('3.4 MB of 12.0 MB');
  expect(progressWords('writing', 1_200, 3_000)).toBe('1,200 of 3,000');
  expect(progressWords('checking', 0, null)).toBeNull();
});

test('how a remote is entered follows from its address', () => {
  expect(kindOfUrl('https://git.example.org/a.git')).toBe('password');
  expect(kindOfUrl('ssh://git@git.example.org:2222/a.git')).toBe('ssh');
  expect(kindOfUrl('git@git.example.org:team/a.git')).toBe('ssh');
  expect(kindOfUrl('/srv/git/a.git')).toBe('none');
  expect(kindOfUrl('file:///srv/git/a.git')).toBe('none');
  expect(kindOfUrl('C:\\git\\a.git')).toBe('none');
  expect(hostOf('ssh://git@git.example.org:2222/a.git')).toBe('git.example.org:2222');
  expect(hostOf('git@git.example.org:team/a.git')).toBe('git.example.org');
  expect(hostOf('/srv/git/a.git')).toBe('/srv/git/a.git');
});
