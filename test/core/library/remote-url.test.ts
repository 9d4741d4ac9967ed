import { expect, test } from 'vitest';
import { parseRemote } from '../../../src-main/core/library/remote-url.ts';

test.each([
  ['https://git.example/team/lib.git', 'https://git.example/team/lib.git'],
  ['  https://git.example/team/lib/  ', 'https://git.example/team/lib'],
  ['HTTPS://Git.Example:8443/x', 'https://git.example:8443/x'],
  ['https://ada:t%40ken@git.example/x', 'https://git.example/x'],
  ['http://localhost:3000/x', 'http://localhost:3000/x'],
  ['http://127.0.0.1/x', 'http://127.0.0.1/x'],
  ['http://[::1]:9/x', 'http://[::1]:9/x'],
  ['/srv/git/lib.git', '/srv/git/lib.git'],
  ['/srv/git/../git/lib.git/', '/srv/git/lib.git'],
  ['/srv/odd:name/lib', '/srv/odd:name/lib'],
  ['file:///srv/git/my%20lib.git', '/srv/git/my lib.git'],
])('takes %s', (input, url) => {
  expect(parseRemote(input).url).toBe(url);
});

test('parts the credentials from the address', () => {
  expect(parseRemote('https://ada:t%40ken@git.example/x')).toEqual({
    kind: 'http',
    url: 'https://git.example/x',
    credentials: { username: 'ada', password: 't@ken' },
  });
});

test.each([
  ['ssh://git@git.example/x', 'library/ssh-not-yet'],
  ['git+ssh://git.example/x', 'library/ssh-not-yet'],
  ['git@git.example:team/lib.git', 'library/ssh-not-yet'],
  ['git.example:team/lib.git', 'library/ssh-not-yet'],
  ['http://git.example/x', 'library/insecure-url'],
  ['http://127.0.0.1.evil.example/x', 'library/insecure-url'],
  ['http://localhost.evil.example/x', 'library/insecure-url'],
  ['ext::sh -c touch% /tmp/x', 'library/bad-url'],
  ['fd::17/x', 'library/bad-url'],
  ['--upload-pack=touch /tmp/x', 'library/bad-url'],
  ['-u./x', 'library/bad-url'],
  ['git://git.example/x', 'library/bad-url'],
  ['javascript:alert(1)', 'library/bad-url'],
  ['C:\\repos\\x', 'library/bad-url'],
  ['relative/path', 'library/bad-url'],
  ['./x', 'library/bad-url'],
  ['file://host/share/x', 'library/bad-url'],
  ['file:///a%2fb', 'library/bad-url'],
  ['https://git.example/x?token=1', 'library/bad-url'],
  ['https://git.example/x#y', 'library/bad-url'],
  ['https://git.example/x\n[core]', 'library/bad-url'],
  ['/srv/\u202ex', 'library/bad-url'],
  ['', 'library/bad-url'],
])('refuses %s', (input, code) => {
  expect(() => parseRemote(input)).toThrow(expect.objectContaining({ code }));
});
