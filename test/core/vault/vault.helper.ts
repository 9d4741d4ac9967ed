import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { systemClock } from '../../../src-main/core/shared/clock.ts';
import { silentLogger } from '../../../src-main/core/shared/logger.ts';
import { dataPaths, workspacePaths } from '../../../src-main/core/shared/paths.ts';
import { keyFilePath } from '../../../src-main/core/vault/key-file.ts';
import { openVault, type Vault, type VaultDeps } from '../../../src-main/core/vault/open-vault.ts';
import type { KeychainSecrets } from '../../../src-main/core/vault/ports.ts';
import { base } from '../../../src-main/db/migrations/0010-base.ts';

export const WORKSPACE = 'w1';

const opened: Vault[] = [];
const roots: string[] = [];

afterEach(() => {
  for (const vault of opened.splice(0)) vault.close();
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

export function vaultDeps(overrides: Partial<VaultDeps> = {}): VaultDeps {
  const root = mkdtempSync(join(tmpdir(), 'carrel-vault-'));
  roots.push(root);
  return {
    workspaceId: WORKSPACE,
    paths: workspacePaths(dataPaths(root), WORKSPACE),
    keyFile: keyFilePath(root, WORKSPACE),
    secrets: null,
    migrations: [base],
    clock: systemClock,
    logger: silentLogger,
    ...overrides,
  };
}

/** Opens, and closes at the end of the test. */
export async function open(deps: VaultDeps): Promise<Vault> {
  const vault = await openVault(deps);
  opened.push(vault);
  return vault;
}

/** Opens, writes one value, closes: a workspace with something to lose. */
export async function makeWorkspace(deps: VaultDeps, value = 'kept'): Promise<void> {
  const vault = await openVault(deps);
  vault.db.prepare(`INSERT OR REPLACE INTO kv VALUES ('test', ?)`).run(Buffer.from(value));
  vault.close();
}

export function readValue(vault: Vault): string {
  const row = vault.db.prepare(`SELECT value FROM kv WHERE key = 'test'`).get() as
    { value: Buffer } | undefined;
  return row?.value.toString('utf8') ?? '';
}

/** A keychain in memory: the real one exists only on a desktop. XOR stands for what it does with a secret. */
export class MemoryKeychain implements KeychainSecrets {
  backendName = 'gnome_libsecret';
  key = 0x5a;
  wantsRewrap = false;
  broken = false;
  unwraps = 0;

  backend(): Promise<string> {
    return Promise.resolve(this.backendName);
  }

  wrap(plain: string): Promise<string> {
    if (this.broken) return Promise.reject(new Error('no password store'));
    return Promise.resolve(this.#xor(Buffer.from(plain, 'base64')).toString('base64'));
  }

  async unwrap(wrapped: string): Promise<{ plain: string; rewrap: string | null }> {
    if (this.broken) throw new Error('no password store');
    this.unwraps += 1;
    const old = this.#xor(Buffer.from(wrapped, 'base64')).toString('base64');
    if (!this.wantsRewrap) return { plain: old, rewrap: null };
    this.wantsRewrap = false;
    this.key = 0x33;
    return { plain: old, rewrap: await this.wrap(old) };
  }

  #xor(bytes: Buffer): Buffer {
    return Buffer.from(bytes.map((byte) => byte ^ this.key));
  }
}
