import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../../src-contract/app-error.ts';
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
  ['ssh://git@Git.Example/team/lib.git/', 'ssh://git@git.example/team/lib.git'],
  ['ssh://git.example:2222/x', 'ssh://git.example:2222/x'],
  ['git+ssh://git.example/x', 'ssh://git.example/x'],
  ['ssh+git://git.example/x', 'ssh://git.example/x'],
  ['ssh://git@[::1]:2222/x', 'ssh://git@[::1]:2222/x'],
  ['git@git.example:team/lib.git', 'git@git.example:team/lib.git'],
  ['git@GIT.example:team/lib.git/', 'git@git.example:team/lib.git'],
  ['git.example:team/lib.git', 'git.example:team/lib.git'],
  ['git@work:team/lib.git', 'git@work:team/lib.git'],
  ['git@git.example:/srv/my lib.git', 'ssh://git@git.example/srv/my%20lib.git'],
  ['git@git.example:~ada/lib.git', 'ssh://git@git.example/~ada/lib.git'],
])('takes %s', (input, url) => {
  expect(parseRemote(input).url).toBe(url);
});

test.each([
  ['ssh://git@git.example:2222/srv/a%20b%27c.git', 'git', 'git.example', 2222, "/srv/a b'c.git"],
  ['ssh://git.example/~/lib.git', null, 'git.example', null, '~/lib.git'],
  ['ssh://ada%40example.org@git.example/~ada/x', 'ada@example.org', 'git.example', null, '~ada/x'],
  ['ssh://[2001:DB8::1]/x', null, '2001:db8::1', null, '/x'],
  ['git@[::1]:x/y', 'git', '::1', null, 'x/y'],
  ['git@git.example:team/lib', 'git', 'git.example', null, 'team/lib'],
])('knows the parts of %s', (input, user, host, port, path) => {
  expect(parseRemote(input)).toMatchObject({ kind: 'ssh', user, host, port, path });
});

test('whatever is taken is taken again in its stored form, and is never an option', () => {
  const odd = fc.constantFrom(...'-~/@:[]%?#=\\ é\u202e\n'.split(''));
  const usual = fc.constantFrom(...'abZ09._-'.split(''));
  const unit = fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: odd });
  const word = fc.string({ unit, maxLength: 8 });
  const address = fc.oneof(
    word,
    fc.tuple(word, word, word).map(([user, host, path]) => `${user}@${host}:${path}`),
    fc.tuple(word, word, word).map(([user, host, path]) => `ssh://${user}@${host}/${path}`),
    fc
      .tuple(word, fc.nat(70_000), word)
      .map(([host, port, path]) => `ssh://${host}:${port}${path}`),
  );
  let taken = 0;
  fc.assert(
    fc.property(address, (text) => {
      try {
        const remote = parseRemote(text);
        expect(parseRemote(remote.url)).toEqual(remote);
        if (remote.kind !== 'ssh') return;
        taken += 1;
        for (const part of [remote.user ?? '', remote.host, remote.path]) {
          expect(part).not.toMatch(/^-|[\n\u202e]/);
        }
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
    }),
    { numRuns: 5_000 },
  );
  expect(taken).toBeGreaterThan(50);
});

test('parts the credentials from the address', () => {
  expect(parseRemote('https://ada:t%40ken@git.example/x')).toEqual({
    kind: 'http',
    url: 'https://git.example/x',
    credentials: { username: 'ada', password: 't@ken' },
  });
});

test.each([
  ['ssh://git:secret@git.example/x', 'library/password-in-url'],
  ['ssh://-oProxyCommand=touch%20x/x', 'library/bad-url'],
  ['ssh://-oProxyCommand/x', 'library/bad-url'],
  ['ssh://-l@git.example/x', 'library/bad-url'],
  ['ssh://git@%2doProxy/x', 'library/bad-url'],
  ['ssh://git.example', 'library/bad-url'],
  ['ssh://git.example/', 'library/bad-url'],
  ['ssh:///x', 'library/bad-url'],
  ['ssh://git.example:0/x', 'library/bad-url'],
  ['ssh://git.example:99999/x', 'library/bad-url'],
  ['ssh://git.example/x?y', 'library/bad-url'],
  ['ssh://git.example/x%0ay', 'library/bad-url'],
  ['ssh://git.example/%zz', 'library/bad-url'],
  ['ssh://gi$t.example/x', 'library/bad-url'],
  ['-oProxyCommand=x@git.example:y', 'library/bad-url'],
  ['git@-oProxyCommand=x:y', 'library/bad-url'],
  ['git@git.example:-oProxyCommand', 'library/bad-url'],
  ['git@git.example:', 'library/bad-url'],
  ['git@git.example:../x', 'library/bad-url'],
  ['host:path', 'library/bad-url'],
  ['git@git.example:\ud800', 'library/bad-url'],
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
  ['https://ada:%zz@git.example/x', 'library/bad-url'],
  ['https://git.example/x\n[core]', 'library/bad-url'],
  ['/srv/\u202ex', 'library/bad-url'],
  ['', 'library/bad-url'],
])('refuses %s', (input, code) => {
  expect(() => parseRemote(input)).toThrow(expect.objectContaining({ code }));
});
