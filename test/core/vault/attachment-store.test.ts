import { randomBytes } from 'node:crypto';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AttachmentStore } from '../../../src-main/core/vault/attachment-store.ts';
import { open, vaultDeps } from './vault.helper.ts';

function make(): { store: AttachmentStore; dir: string; key: Buffer } {
  const dir = vaultDeps().paths.attachments;
  const key = randomBytes(32);
  return { store: new AttachmentStore({ dir, key }), dir, key };
}

describe('attachments', () => {
  it.each([0, 1, 4_096, 3_000_000])('of %d bytes come back as they were', async (length) => {
    const { store, dir } = make();
    const bytes = randomBytes(length);
    await store.put('a-1', bytes);
    expect((await store.get('a-1')).equals(bytes)).toBe(true);
    expect(statSync(join(dir, 'a-1')).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir)).toEqual(['a-1']);
  });

  it('are ciphertext, another one each time', async () => {
    const { store, dir } = make();
    const bytes = Buffer.from('the same words again and again');
    await store.put('a', bytes);
    const first = readFileSync(join(dir, 'a'));
    await store.put('a', bytes);
    const second = readFileSync(join(dir, 'a'));
    expect(first.includes('words')).toBe(false);
    expect(first.equals(second)).toBe(false);
    expect(first).toHaveLength(second.length);
  });

  it('are replaced and removed, also when they are not there', async () => {
    const { store, dir } = make();
    await store.put('a', Buffer.from('1'));
    await store.put('a', Buffer.from('2'));
    expect(String(await store.get('a'))).toBe('2');
    await store.remove('a');
    await store.remove('a');
    expect(existsSync(join(dir, 'a'))).toBe(false);
    await expect(store.get('a')).rejects.toMatchObject({ code: 'vault/attachment-missing' });
  });

  it('with any bit flipped, cut or emptied are damaged, and kept', async () => {
    const { store, dir } = make();
    await store.put('a', Buffer.from('short'));
    const file = join(dir, 'a');
    const original = readFileSync(file);
    const damaged = [...original.keys()].map((at) => {
      const copy = Buffer.from(original);
      copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
      return copy;
    });
    for (const length of [0, 4, 5, 20, original.length - 1])
      damaged.push(original.subarray(0, length));
    damaged.push(Buffer.concat([original, Buffer.alloc(1)]));
    for (const bytes of damaged) {
      writeFileSync(file, bytes);
      await expect(store.get('a')).rejects.toMatchObject({ code: 'vault/attachment-damaged' });
      expect(readFileSync(file).equals(bytes)).toBe(true);
    }
  });

  it('do not open in the place of another, nor under another key', async () => {
    const { store, dir } = make();
    await store.put('a', Buffer.from('a'));
    const other = new AttachmentStore({ dir, key: randomBytes(32) });
    await expect(other.get('a')).rejects.toMatchObject({ code: 'vault/attachment-damaged' });
    renameSync(join(dir, 'a'), join(dir, 'b'));
    await expect(store.get('b')).rejects.toMatchObject({ code: 'vault/attachment-damaged' });
  });

  it.each(['', '.', '..', '../store.db', 'a/b', 'A', 'a\0', '-a', 'a'.repeat(65)])(
    'never have the id %j',
    async (id) => {
      const { store } = make();
      await expect(store.put(id, Buffer.from('x'))).rejects.toThrow('not an id');
      await expect(store.get(id)).rejects.toThrow('not an id');
      await expect(store.remove(id)).rejects.toThrow('not an id');
    },
  );

  it('of a workspace are there at its next start; what was half-written is not', async () => {
    const deps = vaultDeps();
    const vault = await open(deps);
    await vault.attachments.put('a', Buffer.from('kept'));
    vault.close();
    writeFileSync(join(deps.paths.attachments, 'b.0123456789ab.tmp'), 'half');
    const again = await open(deps);
    expect(String(await again.attachments.get('a'))).toBe('kept');
    expect(readdirSync(deps.paths.attachments)).toEqual(['a']);
  });
});
