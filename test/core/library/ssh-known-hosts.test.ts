import { execFileSync, spawnSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  entriesFor,
  fingerprintOf,
  hostName,
  judgeKey,
  keyTypeOf,
  knownHostLine,
  parseKnownHosts,
} from '../../../src-main/core/library/ssh/known-hosts.ts';
import { tempDir } from '../../helpers/git-repo.ts';
import { makeKey } from '../../helpers/sshd.ts';

let temp: ReturnType<typeof tempDir>;
let publicKeys: string[];
let blobs: Buffer[];

beforeAll(() => {
  temp = tempDir();
  publicKeys = (['ed25519', 'rsa', 'ecdsa'] as const).map((type) => {
    const path = makeKey(join(temp.path, type), { type });
    return readFileSync(`${path}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
  });
  blobs = publicKeys.map((key) => Buffer.from(key.split(' ')[1] ?? '', 'base64'));
});
afterAll(() => temp.remove());

const key = (n: number): string => publicKeys[n] ?? '';
const blob = (n: number): Buffer => blobs[n] ?? Buffer.alloc(0);
const judge = (text: string, host: string, port: number, shown: Buffer): string =>
  judgeKey(parseKnownHosts(text).entries, host, port, shown).kind;

function hashedLine(name: string, publicKey: string): string {
  const salt = randomBytes(20);
  const hash = createHmac('sha1', salt).update(name).digest('base64');
  return `|1|${salt.toString('base64')}|${hash} ${publicKey}`;
}

describe('a key', () => {
  test('is known by its host, in every form of name', () => {
    for (const line of [
      `git.example ${key(0)}`,
      `other.example,GIT.example\t${key(0)} a comment`,
      `*.example ${key(0)}`,
      `git.exampl? ${key(0)}`,
      hashedLine('git.example', key(0)),
    ]) {
      expect(judge(line, 'git.example', 22, blob(0))).toBe('known');
      expect(judge(line, 'Git.Example', 22, blob(0))).toBe('known');
      expect(judge(line, 'git.example', 22, blob(1))).toBe('changed');
      expect(judge(line, 'git.example', 2222, blob(0))).toBe('unknown');
      expect(judge(line, 'git.elsewhere', 22, blob(0))).toBe('unknown');
    }
    const withPort = `[git.example]:2222 ${key(0)}`;
    expect(judge(withPort, 'git.example', 2222, blob(0))).toBe('known');
    expect(judge(withPort, 'git.example', 22, blob(0))).toBe('unknown');
    expect(judge(hashedLine('[git.example]:2222', key(0)), 'git.example', 2222, blob(0))).toBe(
      'known',
    );
  });

  test('one negated name takes the line away', () => {
    const line = `*.example,!bad.example ${key(0)}`;
    expect(judge(line, 'good.example', 22, blob(0))).toBe('known');
    expect(judge(line, 'bad.example', 22, blob(0))).toBe('unknown');
  });

  test('that was revoked is refused wherever else it stands, and in any order', () => {
    const known = `git.example ${key(0)}`;
    const revoked = `@revoked * ${key(0)}`;
    expect(judge(`${known}\n${revoked}`, 'git.example', 22, blob(0))).toBe('revoked');
    expect(judge(`${revoked}\n${known}`, 'git.example', 22, blob(0))).toBe('revoked');
    expect(judge(revoked, 'git.example', 22, blob(1))).toBe('unknown');
    expect(judge(`${revoked}\ngit.example ${key(1)}`, 'git.example', 22, blob(1))).toBe('known');
  });

  test('one of several is enough', () => {
    const text = `git.example ${key(0)}\ngit.example ${key(1)}`;
    expect(judge(text, 'git.example', 22, blob(1))).toBe('known');
    expect(judgeKey(parseKnownHosts(text).entries, 'git.example', 22, blob(2))).toMatchObject({
      kind: 'changed',
      expected: { line: 1 },
    });
  });
});

test.each([
  ['@cert-authority * KEY', 'certificate authorities are not used'],
  ['@something * KEY', 'an unknown marker'],
  ['git.example', 'incomplete'],
  ['git.example ssh-rsa', 'incomplete'],
  ['git.example ssh-rsa AAAA', 'no key'],
  ['git.example ssh-rsa %%%', 'no key'],
  ['git.example 1024 37 1234567', 'no key'],
  ['git.example ecdsa-sha2-nistp256 WRONG', 'no key'],
  ['|1|abc KEY', 'an unknown form of host name'],
  ['|2|YQ==|YQ== KEY', 'an unknown form of host name'],
  ['|1|YQ==|YQ== KEY', 'an unknown form of host name'],
  [`${'x'.repeat(20_000)} KEY`, 'too long'],
])('leaves out %.40s', (line, reason) => {
  const text = line.replace('KEY', key(0)).replace('WRONG', key(0).split(' ')[1] ?? '');
  const { entries, ignored } = parseKnownHosts(`# a comment\n\n${text}\ngit.example ${key(0)}\r\n`);
  expect(ignored).toEqual([{ line: 3, reason }]);
  expect(entries).toHaveLength(1);
});

test('what is written is read again, whatever the host', () => {
  const host = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,30}$/);
  fc.assert(
    fc.property(host, fc.integer({ min: 1, max: 65_535 }), fc.nat(2), (name, port, n) => {
      const text = `${knownHostLine(name, port, blob(n))}\n`;
      expect(judge(text, name, port, blob(n))).toBe('known');
      expect(judge(text, name, port, blob((n + 1) % 3))).toBe('changed');
      expect(judge(text, name, (port % 65_535) + 1, blob(n))).toBe('unknown');
    }),
  );
});

test('no text breaks the parser, and no pattern is slow', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('@revoked', '|1|', '*', '!', ',', 'ssh-rsa', 'AAAAB3NzaC1yc2E=', ' ', '\t'),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), fc.string(), (words, name) => {
      const { entries } = parseKnownHosts(words.join(' '));
      expect(entriesFor(entries, name, 22).length).toBeLessThanOrEqual(entries.length);
    }),
  );
  const slow = `${'*a'.repeat(4_000)}b ${key(0)}`;
  const started = performance.now();
  expect(judge(slow, 'a'.repeat(253), 22, blob(0))).toBe('unknown');
  expect(performance.now() - started).toBeLessThan(1_000);
});

describe('as OpenSSH sees it', () => {
  const names = ['git.example', 'bad.example', 'a.b.example', '[git.example]:2222', '127.0.0.1'];

  /** Lines of a file that `ssh-keygen -F` finds for a name. */
  function found(file: string, name: string): number[] {
    const { stdout } = spawnSync('ssh-keygen', ['-F', name, '-f', file], { encoding: 'utf8' });
    return [...stdout.matchAll(/found: line (\d+)/g)].map((match) => Number(match[1]));
  }

  test('the same lines are for the same names', () => {
    const label = fc.constantFrom('git', 'bad', 'a.b', '*', '?it', '*.b', 'g*t');
    const pattern = fc.oneof(
      fc.tuple(fc.constantFrom('', '!'), label).map(([not, l]) => `${not}${l}.example`),
      fc.constantFrom('*', '[git.example]:2222', '[*.example]:2222', '[*]:*', '127.0.0.1', '127.*'),
    );
    const line = fc.array(pattern, { minLength: 1, maxLength: 3 }).map((list) => list.join(','));
    const hashed = fc.constantFrom(...names).map((name) => ({ hash: name }));
    const file = join(temp.path, 'compare');
    let matched = 0;
    fc.assert(
      fc.property(fc.array(fc.oneof(line, hashed), { minLength: 8, maxLength: 30 }), (lines) => {
        const text = lines
          .map((each) =>
            typeof each === 'string' ? `${each} ${key(0)}` : hashedLine(each.hash, key(0)),
          )
          .join('\n');
        writeFileSync(file, `${text}\n`);
        const { entries } = parseKnownHosts(text);
        for (const name of names) {
          const port = name.startsWith('[') ? 2222 : 22;
          const host = name.replace(/^\[(.*)\]:2222$/, '$1');
          expect(hostName(host, port)).toBe(name);
          const ours = entriesFor(entries, host, port).map((entry) => entry.line);
          expect(ours).toEqual(found(file, name));
          matched += ours.length;
        }
      }),
      { numRuns: 40 },
    );
    expect(matched).toBeGreaterThan(200);
  });

  test('names that ssh-keygen hashed are found', () => {
    const file = join(temp.path, 'hashed');
    writeFileSync(file, `git.example ${key(0)}\n[git.example]:2222,a.example ${key(1)}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain('git.example');
    expect(judge(text, 'git.example', 22, blob(0))).toBe('known');
    expect(judge(text, 'git.example', 2222, blob(1))).toBe('known');
    expect(judge(text, 'a.example', 22, blob(1))).toBe('known');
    expect(judge(text, 'b.example', 22, blob(1))).toBe('unknown');
  });

  test('fingerprints are the same', () => {
    for (const [n, name] of ['ed25519', 'rsa', 'ecdsa'].entries()) {
      const out = execFileSync('ssh-keygen', ['-l', '-f', join(temp.path, `${name}.pub`)], {
        encoding: 'utf8',
      });
      expect(out.split(' ')[1]).toBe(fingerprintOf(blob(n)));
      expect(keyTypeOf(blob(n))).toBe(key(n).split(' ')[0]);
    }
  });
});
