import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../../src-main/core/shared/redact.ts';
import { redactText } from '../../../src-main/core/shared/redact-text.ts';

/** Made up, in the shape of real ones. */
const SECRETS = [
  'sk-proj-AbCdEf0123456789AbCdEf',
  'sk-ant-api03-AbCdEf0123456789',
  'ghp_AbCdEf0123456789AbCdEf0123456789AbCd',
  'github_pat_11AbCdEf0123456789_AbCdEf',
  'glpat-AbCdEf0123456789',
  'hf_AbCdEf0123456789AbCdEf',
  'xoxb-0123456789-AbCdEf',
  'AIzaSyAbCdEf0123456789AbCdEf0123456789',
  'AKIAABCDEFGHIJKLMNOP',
  'AGE-SECRET-KEY-1ABCDEFGHIJKLMNOP',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.AbCdEf0123456789',
  `x'${'0a'.repeat(32)}'`,
];

describe('text', () => {
  it.each(SECRETS)('does not show %s, wherever it stands', (secret) => {
    for (const around of ['@', 'the key is @ here', '"@",', 'a=@&b=1', '(@)', '\n@\n', 'x: @']) {
      const shown = redactText(around.replace('@', secret), 500);
      expect(shown).not.toContain(secret);
      expect(shown).not.toContain(secret.slice(8));
      expect(shown).toContain('[redacted]');
    }
  });

  it.each([
    ['Authorization: Bearer abcdef123456', 'abcdef'],
    ['authorization: Basic dXNlcjpwYXNz', 'dXNl'],
    ['{"Authorization":"Token abc"}', 'abc'],
    ['sent Bearer abcdef.123-456', 'abcdef'],
    ['https://me:hunter2@host/x.git', 'hunter2'],
    ['https://abc123@host/x.git', 'abc123'],
    ['ssh://git:hunter2@host:22/x', 'hunter2'],
    ['password=hunter2 next', 'hunter2'],
    ['"passphrase": "correct horse', 'correct'],
    ['access_token=abc', 'abc'],
    ['GET /v1?key=abc&x=1', 'abc'],
    [`raw key ${'0123456789abcdef'.repeat(4)}`, '0123456789abcdef'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n-----END OPENSSH PRIVATE KEY-----', 'b3Blb'],
    ['-----BEGIN PRIVATE KEY-----\nMIIEvQ', 'MIIEvQ'],
    ['Cookie: carrel=abc; other=def', 'def'],
  ])('does not show the secret of %s', (text, secret) => {
    expect(redactText(text, 500)).not.toContain(secret);
  });

  it.each([
    'opened store.db with schema 10',
    'https://example.com/team/library.git',
    'the key slot key-file was used',
    'a keyboard shortcut of monkeys',
    '12 input tokens, 40 output tokens',
    'commit 0123456789abcdef0123456789abcdef01234567',
    'at open (src-main/db/open.ts:12:3)',
    'a basic information',
  ])('shows %s as it is', (text) => {
    expect(redactText(text, 500)).toBe(text);
  });

  it('is bounded, and a secret across the bound does not show in part', () => {
    expect(redactText('x'.repeat(100_000), 50).length).toBeLessThanOrEqual(51);
    for (let at = 8_150; at < 8_200; at += 1) {
      const text = `${'a '.repeat(at / 2)}ghp_AbCdEf0123456789AbCd`;
      expect(redactText(text, 100_000)).not.toMatch(/ghp_A/);
    }
  });

  it('takes time in proportion to its length, whatever it is made of', () => {
    const hostile = [
      'key',
      'a:',
      '://',
      'eyJ',
      'password',
      '-----BEGIN A ',
      'Bearer ',
      '=',
      "x'0",
      'x-api-key',
    ];
    for (const piece of hostile) {
      const began = performance.now();
      redactText(piece.repeat(8_192 / piece.length), 500);
      expect([piece, performance.now() - began < 1_000]).toEqual([piece, true]);
    }
  });
});

describe('fields', () => {
  it('hides text under a telling name, at any depth, and leaves counts', () => {
    const nested = {
      apiKey: 'a',
      'api-key': 'b',
      password: 'c',
      headers: { Authorization: 'd', 'Set-Cookie': ['e'], accept: 'json' },
      list: [{ secret: 'f' }],
      token: 'g',
      refresh_token: 'h',
      privateKey: Buffer.from('i'),
      key: 'j',
      inputTokens: 12,
      tokens: 5,
      hasPassword: true,
      monkey: 'ape',
    };
    expect(redact(nested)).toEqual({
      apiKey: '[redacted]',
      'api-key': '[redacted]',
      password: '[redacted]',
      headers: { Authorization: '[redacted]', 'Set-Cookie': '[redacted]', accept: 'json' },
      list: [{ secret: '[redacted]' }],
      token: '[redacted]',
      refresh_token: '[redacted]',
      privateKey: '[redacted]',
      key: '[redacted]',
      inputTokens: 12,
      tokens: 5,
      hasPassword: true,
      monkey: 'ape',
    });
  });

  it('hides secrets in the names of members too', () => {
    expect(JSON.stringify(redact({ ['ghp_AbCdEf0123456789']: 1 }))).not.toContain('AbCdEf');
  });

  it('is bounded in width, depth and in all', () => {
    let deep: unknown = 'bottom';
    for (let n = 0; n < 100; n += 1) deep = { deep };
    const wide = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, n) => [`k${n}`, 'x'.repeat(5_000)]),
    );
    const all = JSON.stringify(
      redact({ deep, wide, list: Array.from({ length: 1_000 }, () => wide) }),
    );
    expect(all.length).toBeLessThan(40_000);
    expect(all).not.toContain('bottom');
  });

  it('gives plain JSON for anything and never throws', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        const copy = redact(value);
        expect(JSON.stringify(JSON.parse(JSON.stringify({ copy })))).toBe(JSON.stringify({ copy }));
      }),
      { numRuns: 300 },
    );
  });

  it('never shows a planted secret', () => {
    const secret = fc.constantFrom(...SECRETS);
    const holder = secret.chain((planted) =>
      fc
        .object({ values: [fc.constant(`a ${planted} b`), fc.constant(planted), fc.integer()] })
        .map((object) => ({ planted, object })),
    );
    fc.assert(
      fc.property(holder, ({ planted, object }) => {
        expect(JSON.stringify(redact(object)) ?? '').not.toContain(planted);
      }),
      { numRuns: 200 },
    );
  });
});
