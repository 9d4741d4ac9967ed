import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { VaultDeps } from '../../../src-main/core/vault/open-vault.ts';
import { makeWorkspace, MemoryKeychain, open, readValue, vaultDeps } from './vault.helper.ts';

const mode = (file: string): number => statSync(file).mode & 0o777;

/** Everything under the data directory, to show that a refusal changed nothing. */
function snapshot({ paths }: VaultDeps): Record<string, string> {
  const root = join(paths.root, '..', '..');
  const files: Record<string, string> = {};
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files[file] = readFileSync(file, 'hex');
  }
  return files;
}

async function refused(deps: VaultDeps, code: string): Promise<void> {
  const before = snapshot(deps);
  await expect(open(deps)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(/\w/),
    remedy: expect.stringMatching(/\w/),
  });
  expect(snapshot(deps)).toEqual(before);
}

describe('a new workspace', () => {
  it('gets a key file without a keychain, and opens again', async () => {
    const deps = vaultDeps();
    await makeWorkspace(deps);
    const vault = await open(deps);
    expect(readValue(vault)).toBe('kept');
    expect(vault.status()).toEqual({
      state: 'unlocked',
      slots: [{ kind: 'key-file', backend: null }],
      cipher: 'SQLCipher 4 (AES-256)',
      schema: 10,
      lastRotation: null,
    });
    expect(vault.warnings).toEqual([]);
  });

  it('keeps its files to the owner', async () => {
    const deps = vaultDeps();
    const vault = await open(deps);
    vault.db.exec('CREATE TABLE t (a)');
    await vault.attachments.put('a1', Buffer.from('x'));
    const { store, keys, root, attachments } = deps.paths;
    for (const file of [store, `${store}-wal`, `${store}-shm`, keys, deps.keyFile]) {
      expect([file, mode(file)]).toEqual([file, 0o600]);
    }
    expect(mode(join(attachments, 'a1'))).toBe(0o600);
    for (const dir of [root, attachments, dirname(deps.keyFile)]) {
      expect([dir, mode(dir)]).toEqual([dir, 0o700]);
    }
  });

  it('puts the key into a keychain that protects, and no key file on the disk', async () => {
    const deps = vaultDeps({ secrets: new MemoryKeychain() });
    await makeWorkspace(deps);
    expect(existsSync(deps.keyFile)).toBe(false);
    const vault = await open(deps);
    expect(readValue(vault)).toBe('kept');
    expect(vault.status().slots).toEqual([{ kind: 'os-keychain', backend: 'gnome_libsecret' }]);
  });

  it.each(['basic_text', 'unknown', ''])('never uses the backend "%s"', async (name) => {
    const secrets = new MemoryKeychain();
    secrets.backendName = name;
    const deps = vaultDeps({ secrets });
    expect((await open(deps)).status().slots).toEqual([{ kind: 'key-file', backend: null }]);
  });

  it('uses a key file where the keychain refuses', async () => {
    const secrets = new MemoryKeychain();
    secrets.broken = true;
    const deps = vaultDeps({ secrets });
    expect((await open(deps)).status().slots).toEqual([{ kind: 'key-file', backend: null }]);
  });

  it('goes on where the first start was interrupted before keys.json', async () => {
    const deps = vaultDeps();
    await makeWorkspace(deps);
    const key = readFileSync(deps.keyFile, 'utf8');
    rmSync(deps.paths.root, { recursive: true });
    await open(deps);
    expect(readFileSync(deps.keyFile, 'utf8')).toBe(key);
  });

  it('goes on where the first start was interrupted before the store', async () => {
    const deps = vaultDeps({ migrations: [{ version: 10, name: 'fails', up: () => fail() }] });
    await expect(open(deps)).rejects.toMatchObject({ code: 'vault/migration-failed' });
    rmSync(deps.paths.store);
    const again = await open({ ...deps, migrations: [] });
    expect(again.status().schema).toBe(0);
  });
});

describe('keys.json', () => {
  it('is refused when missing beside a store, and no new key is made', async () => {
    const deps = vaultDeps();
    await makeWorkspace(deps);
    rmSync(deps.paths.keys);
    await refused(deps, 'vault/keys-missing');
    expect(existsSync(deps.paths.keys)).toBe(false);
  });

  it.each([
    ['empty', () => ''],
    ['blank', () => ' \n'],
    ['short', (text: string) => text.slice(0, 100)],
    ['not JSON', () => 'hello'],
    ['null', () => 'null'],
    ['an array', () => '[]'],
    ['without slots', (text: string) => JSON.stringify({ ...JSON.parse(text), slots: [] })],
    ['non-hex', (text: string) => text.replace(/"sealed": "../, '"sealed": "zz')],
    ['upper case', (text: string) => text.replace(/"mac": ".*"/, (mac) => mac.toUpperCase())],
    ['with an unknown key', (text: string) => text.replace('{', '{"more": 1,')],
    ['of another workspace', (text: string) => text.replace('"w1"', '"w2"')],
    ['with another time', (text: string) => text.replace(/"createdAt": \d/, '"createdAt": 9')],
  ])('is refused when %s', async (_name, change) => {
    const deps = vaultDeps();
    await makeWorkspace(deps);
    writeFileSync(deps.paths.keys, change(readFileSync(deps.paths.keys, 'utf8')));
    await refused(deps, 'vault/keys-damaged');
  });

  it('is refused with any single bit flipped', async () => {
    const deps = vaultDeps();
    await makeWorkspace(deps);
    const original = readFileSync(deps.paths.keys);
    // Which white space separates the members means nothing; everything else does.
    const positions = [...original.keys()].filter(
      (at) => !/\s/.test(String.fromCharCode(original[at] ?? 0)),
    );
    const accepted: string[] = [];
    for (const at of positions) {
      const flipped = Buffer.from(original);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      writeFileSync(deps.paths.keys, flipped);
      const code = await open(deps).then(
        () => 'opened',
        (error: { code?: string }) => error.code ?? 'no code',
      );
      if (!/^vault\/(keys-|slot-refused)/.test(code)) accepted.push(`${at}: ${code}`);
    }
    expect(positions.length).toBeGreaterThan(300);
    expect(accepted).toEqual([]);
  });

  it('of a newer format is refused', async () => {
    const deps = vaultDeps();
    await makeWorkspace(deps);
    const text = readFileSync(deps.paths.keys, 'utf8').replace('"format": 1', '"format": 2');
    writeFileSync(deps.paths.keys, text);
    await refused(deps, 'vault/keys-from-future');
  });

  it('of another workspace with the same slots does not open this store', async () => {
    const a = vaultDeps();
    const b = vaultDeps();
    await makeWorkspace(a);
    await makeWorkspace(b);
    writeFileSync(a.paths.keys, readFileSync(b.paths.keys));
    await refused(a, 'vault/slot-refused');
    writeFileSync(a.keyFile, readFileSync(b.keyFile));
    await refused(a, 'vault/wrong-key');
  });

  it('loses the rights of others, which is told', async () => {
    const deps = vaultDeps();
    await makeWorkspace(deps);
    chmodSync(deps.paths.keys, 0o644);
    chmodSync(deps.keyFile, 0o640);
    const vault = await open(deps);
    expect(mode(deps.paths.keys)).toBe(0o600);
    expect(mode(deps.keyFile)).toBe(0o600);
    expect(vault.warnings).toHaveLength(2);
    expect(readValue(vault)).toBe('kept');
  });

  it('left half-written by a crash is not taken for the real one', async () => {
    const deps = vaultDeps();
    await makeWorkspace(deps);
    const left = `${deps.paths.keys}.0123456789ab.tmp`;
    writeFileSync(left, '{"format"');
    expect(readValue(await open(deps))).toBe('kept');
    expect(existsSync(left)).toBe(false);
  });
});

describe('the key file', () => {
  it('is refused when missing, and not made anew', async () => {
    const deps = vaultDeps();
    await makeWorkspace(deps);
    rmSync(deps.keyFile);
    await refused(deps, 'vault/key-file-missing');
    expect(existsSync(deps.keyFile)).toBe(false);
  });

  it.each(['', 'ab', 'z'.repeat(64), 'A'.repeat(64), 'a'.repeat(60), 'a'.repeat(66)])(
    'is refused as "%s"',
    async (text) => {
      const deps = vaultDeps();
      await makeWorkspace(deps);
      writeFileSync(deps.keyFile, text);
      await refused(deps, 'vault/key-file-damaged');
    },
  );

  it('with another key is refused', async () => {
    const deps = vaultDeps();
    await makeWorkspace(deps);
    writeFileSync(deps.keyFile, 'a'.repeat(64));
    await refused(deps, 'vault/slot-refused');
  });
});

describe('the keychain', () => {
  it('is needed where the key is in it', async () => {
    const deps = vaultDeps({ secrets: new MemoryKeychain() });
    await makeWorkspace(deps);
    await refused({ ...deps, secrets: null }, 'vault/key-unreachable');
  });

  it('is not asked when another one answers', async () => {
    const secrets = new MemoryKeychain();
    const deps = vaultDeps({ secrets });
    await makeWorkspace(deps);
    secrets.backendName = 'basic_text';
    const asked = secrets.unwraps;
    await refused(deps, 'vault/backend-changed');
    expect(secrets.unwraps).toBe(asked);
  });

  it('that fails is told, and nothing is replaced', async () => {
    const secrets = new MemoryKeychain();
    const deps = vaultDeps({ secrets });
    await makeWorkspace(deps);
    secrets.broken = true;
    await refused(deps, 'vault/key-refused');
  });

  it('that gives another key is refused', async () => {
    const secrets = new MemoryKeychain();
    const deps = vaultDeps({ secrets });
    await makeWorkspace(deps);
    secrets.key = 0x11;
    await refused(deps, 'vault/slot-refused');
  });

  it('has its new wrapping stored when it asks for one', async () => {
    const secrets = new MemoryKeychain();
    const deps = vaultDeps({ secrets });
    await makeWorkspace(deps);
    const before = readFileSync(deps.paths.keys, 'utf8');
    secrets.wantsRewrap = true;
    (await open(deps)).close();
    expect(readFileSync(deps.paths.keys, 'utf8')).not.toBe(before);
    expect(readValue(await open(deps))).toBe('kept');
  });
});

describe('the store', () => {
  it('is not replaced by an empty one when it is lost', async () => {
    const deps = vaultDeps();
    await makeWorkspace(deps);
    rmSync(deps.paths.store);
    await refused(deps, 'vault/store-missing');
    expect(existsSync(deps.paths.store)).toBe(false);
  });

  it('is not replaced by an empty one when it is cut to nothing', async () => {
    const deps = vaultDeps();
    await makeWorkspace(deps);
    truncateSync(deps.paths.store);
    await refused(deps, 'vault/store-missing');
  });

  it('is refused when somebody put a plain one in its place', async () => {
    const deps = vaultDeps();
    await makeWorkspace(deps);
    rmSync(deps.paths.store);
    const plain = new Database(deps.paths.store);
    plain.exec('CREATE TABLE kv (key, value)');
    plain.close();
    await refused(deps, 'vault/plaintext-store');
  });

  it('that can not be made where a file is in the way is told clearly', async () => {
    const deps = vaultDeps();
    mkdirSync(deps.paths.store, { recursive: true });
    await expect(open(deps)).rejects.toMatchObject({ code: expect.stringMatching(/^vault\//) });
  });

  it('holds no planted words in any file, open or closed', async () => {
    const deps = vaultDeps();
    const canary = 'heliotrope-canary-7731';
    const vault = await open(deps);
    vault.db.exec(`CREATE VIRTUAL TABLE words USING fts5(text)`);
    vault.db.prepare(`INSERT INTO words VALUES (?)`).run(canary);
    await vault.attachments.put('a1', Buffer.from(canary));
    const hex = Buffer.from(canary).toString('hex');
    const holding = (): string[] =>
      Object.entries(snapshot(deps))
        .filter(([, text]) => text.includes(hex))
        .map(([file]) => file);
    // Reading the store's own files here drops its locks; nobody else writes in this test.
    expect(holding()).toEqual([]);
    vault.close();
    expect(holding()).toEqual([]);
  });
});

describe('derived keys', () => {
  it('are the same for a purpose, differ between purposes, and end with the vault', async () => {
    const deps = vaultDeps();
    const vault = await open(deps);
    const index = vault.deriveKey('index');
    expect(index).toHaveLength(32);
    expect(vault.deriveKey('index')).toEqual(index);
    expect(vault.deriveKey('attachments')).not.toEqual(index);
    vault.close();
    vault.close();
    expect(() => vault.deriveKey('index')).toThrow('closed');
    expect((await open(deps)).deriveKey('index')).toEqual(index);
  });
});

function fail(): never {
  throw new Error('does not migrate');
}
