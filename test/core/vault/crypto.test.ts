import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deriveKey, sameHex, seal, unseal } from '../../../src-main/core/vault/key-wrap.ts';
import { root, sourceFiles } from '../../helpers/imports.helper.ts';

/** What Electron's BoringSSL has as well, and what of it Carrel uses. */
const FUNCTIONS = new Set([
  'createCipheriv',
  'createDecipheriv',
  'createHash',
  'createHmac',
  'createPrivateKey',
  'createPublicKey',
  'diffieHellman',
  'generateKeyPairSync',
  'hkdf',
  'hkdfSync',
  'randomBytes',
  'randomUUID',
  'scrypt',
  'sign',
  'timingSafeEqual',
  'verify',
]);
const ALGORITHMS = new Set(['aes-256-gcm', 'sha256', 'sha384', 'sha512', 'ed25519', 'x25519']);
/** Git names its objects by SHA-1. */
const GIT = /^src-main\/core\/library\/git\//;

describe('cryptography in the sources', () => {
  const files = sourceFiles('src-main').map((file) => ({
    file,
    text: readFileSync(join(root, file), 'utf8'),
  }));

  it('is imported by name, from the list', () => {
    const wrong: string[] = [];
    let seen = 0;
    for (const { file, text } of files) {
      for (const [whole, names] of text.matchAll(
        /import\s+([^;]*?)\s+from\s+'(?:node:)?crypto'/g,
      )) {
        seen += 1;
        const listed = /^\{([^}]*)\}$/.exec(names ?? '')?.[1]?.split(',') ?? [whole];
        for (const name of listed.map((one) => one.trim().replace(/^type /, '')).filter(Boolean)) {
          if (!FUNCTIONS.has(name)) wrong.push(`${file}: ${name}`);
        }
      }
    }
    expect(seen).toBeGreaterThan(5);
    expect(wrong).toEqual([]);
  });

  it('names algorithms of the list only', () => {
    const wrong: string[] = [];
    let seen = 0;
    const named =
      /\b(?:createHash|createHmac|createCipheriv|createDecipheriv|hkdfSync|hkdf|generateKeyPairSync)\(\s*([^,)]*)/g;
    for (const { file, text } of files) {
      for (const [, argument = ''] of text.matchAll(named)) {
        seen += 1;
        const name = /^'([^']*)'$/.exec(argument.trim())?.[1] ?? argument;
        if (!ALGORITHMS.has(name) && !(name === 'sha1' && GIT.test(file)))
          wrong.push(`${file}: ${name}`);
      }
    }
    expect(seen).toBeGreaterThan(5);
    expect(wrong).toEqual([]);
  });
});

describe('sealing', () => {
  const key = Buffer.alloc(32, 1);

  it('opens with the same key and binding only', () => {
    const sealed = seal(key, Buffer.from('text'), 'here');
    expect(String(unseal(key, sealed, 'here'))).toBe('text');
    expect(() => unseal(key, sealed, 'there')).toThrow();
    expect(() => unseal(Buffer.alloc(32, 2), sealed, 'here')).toThrow();
    expect(() => unseal(key, sealed.subarray(0, 27), 'here')).toThrow('too short');
    expect(() => unseal(key.subarray(0, 16), sealed, 'here')).toThrow();
  });

  it('never uses a nonce twice', () => {
    const nonces = Array.from({ length: 1_000 }, () =>
      seal(key, Buffer.alloc(0), '').subarray(0, 12).toString('hex'),
    );
    expect(new Set(nonces).size).toBe(1_000);
  });
});

describe('derived keys', () => {
  it('are HKDF-SHA256 as RFC 5869 has it, bound to workspace and purpose', () => {
    const dataKey = Buffer.alloc(32, 7);
    // Stays as it is for ever: another result would lock people out of their stores.
    expect(deriveKey(dataKey, 'default', 'store').toString('hex')).toBe(
      '271f603a3b0b04afc2d957151e10957f8ce7045c21b9ea860ba51adbfbf7e9c7',
    );
    const keys = [
      deriveKey(dataKey, 'default', 'store'),
      deriveKey(dataKey, 'default', 'attachments'),
      deriveKey(dataKey, 'other', 'store'),
      deriveKey(Buffer.alloc(32, 8), 'default', 'store'),
    ].map((one) => one.toString('hex'));
    expect(new Set(keys).size).toBe(4);
  });
});

it('hex is compared by its bytes', () => {
  expect(sameHex('00ff', '00ff')).toBe(true);
  expect(sameHex('00ff', '00fe')).toBe(false);
  expect(sameHex('00ff', '00')).toBe(false);
});
