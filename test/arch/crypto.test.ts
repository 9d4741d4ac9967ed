import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root, sourceFiles } from '../helpers/imports.helper.ts';

/**
 * Electron's `node:crypto` is BoringSSL, Node's is OpenSSL: only what both have may be used. SHA-1 is
 * for git's object ids and the hashed names of known_hosts, which are made of it.
 */
const FUNCTIONS = new Set([
  'createCipheriv',
  'createDecipheriv',
  'createHash',
  'createHmac',
  'generateKeyPairSync',
  'hkdfSync',
  'randomBytes',
  'randomInt',
  'randomUUID',
  'scrypt',
  'scryptSync',
  'sign',
  'timingSafeEqual',
  'verify',
]);
const HASHES = new Set(['sha256', 'sha512', 'sha1']);
const SHA1_FILES = /^src-main\/core\/library\/(?:git\/|ssh\/known-hosts\.ts$)/;
const CIPHERS = new Set(['aes-256-gcm']);
const KEYS = new Set(['ed25519', 'x25519']);

const IMPORT = /import\s+(type\s+)?([^;]*?)\s+from\s+['"](node:)?crypto['"]/g;
const files = ['src-main', 'src-preload', 'src-contract'].flatMap(sourceFiles);

test('node:crypto is used by name, and only what BoringSSL has', () => {
  let seen = 0;
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    expect(/require\(['"](node:)?crypto/.test(text), file).toBe(false);
    for (const [, typeOnly, names = ''] of text.matchAll(IMPORT)) {
      if (typeOnly) continue;
      expect(names, `${file} imports the whole module`).toMatch(/^\{[\s\S]*\}$/);
      for (const name of names.replaceAll(/[{}]/g, '').split(',')) {
        const one = name.trim().split(/\s+as\s+/)[0] ?? '';
        if (one === '' || one.startsWith('type ')) continue;
        expect(FUNCTIONS.has(one), `${file}: ${one}`).toBe(true);
        seen += 1;
      }
    }
  }
  expect(seen).toBeGreaterThan(10);
});

test('hashes, ciphers and keys are of the list, and named where they are used', () => {
  const calls =
    /\b(createHash|createHmac|hkdfSync|createCipheriv|createDecipheriv|generateKeyPairSync)\(\s*([^,)]+)/g;
  let seen = 0;
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, name = '', first = ''] of text.matchAll(calls)) {
      const algorithm = /^['"]([\w-]+)['"]$/.exec(first.trim())?.[1] ?? '';
      const allowed = name.includes('Cipher') || name.includes('Decipher') ? CIPHERS : HASHES;
      const list = name === 'generateKeyPairSync' ? KEYS : allowed;
      expect(list.has(algorithm), `${file}: ${name}(${first})`).toBe(true);
      if (algorithm === 'sha1') expect(file).toMatch(SHA1_FILES);
      seen += 1;
    }
  }
  expect(seen).toBeGreaterThan(5);
});
