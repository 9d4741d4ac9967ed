import { describe, expect, it } from 'vitest';
import { deriveKey, sameHex, seal, unseal } from '../../../src-main/core/vault/key-wrap.ts';

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
