import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodePath, StaticFiles } from '../../src-main/web/static-files.ts';
import { ask, enter, SECRET, startWeb, type Answer, type Harness } from './web.helper.ts';

let web: Harness;
let cookie: string;

beforeAll(async () => {
  web = await startWeb();
  cookie = await enter(web);
});
afterAll(() => web.close());

const get = (path: string, method = 'GET'): Promise<Answer> =>
  ask(web, path, { method, headers: { Cookie: cookie } });

describe('files of the renderer', () => {
  test('the page carries a nonce of its own, fresh each time, and is not kept', async () => {
    const nonces = new Set<string>();
    for (let n = 0; n < 3; n += 1) {
      const answer = await get('/');
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(answer.headers['cache-control']).toBe('no-store');
      const csp = String(answer.headers['content-security-policy']);
      const nonce = /style-src 'self' 'nonce-([\w+/=]+)'/.exec(csp)?.[1] ?? '';
      expect(nonce.length).toBeGreaterThan(20);
      expect(answer.body).toContain(`content="${nonce}"`);
      expect(answer.body).not.toContain('__CSP_NONCE__');
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(3);
  });

  test('a file named by its content is kept, another is not', async () => {
    const hashed = await get('/assets/main-Ab12_-9x.js');
    expect(hashed.headers['cache-control']).toContain('immutable');
    expect(hashed.headers['cache-control']).toContain('private');
    expect(hashed.headers['content-type']).toBe('text/javascript; charset=utf-8');
    const plain = await get('/assets/plain.css?v=1');
    expect(plain.status).toBe(200);
    expect(plain.headers['cache-control']).toBe('no-store');
  });

  test('HEAD has the same head and no body', async () => {
    const answer = await get('/assets/plain.css', 'HEAD');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-length']).toBe('6');
    expect(answer.body).toBe('');
  });

  test('a path is decoded once', async () => {
    expect((await get('/a%20b.txt')).body).toBe('with a space');
    expect((await get('/a%2520b.txt')).status).toBe(404);
    expect((await get('/%69ndex.html')).status).toBe(200);
  });

  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/%252e%252e/secret.txt',
    '/%c0%ae%c0%ae/secret.txt',
    '/assets/../../secret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/../renderer-other/secret.txt',
    '/secret.txt%00.css',
    '/index.html%00',
    '/%',
    '/%zz',
    '//etc/passwd',
    '/./index.html',
    '/assets//plain.css',
    '/ASSETS/plain.css',
    '/index.html/',
    '/link.txt',
    '/other/secret.txt',
    '/assets/notes.md',
    '/assets',
    '/assets/',
    '/constructor',
    '/__proto__',
  ])('%s is not there', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain(SECRET);
  });

  test('whatever is asked, only the files of the list come back', async () => {
    const files = await StaticFiles.scan(join(web.dir, 'renderer'));
    const piece = fc.constantFrom(
      '..',
      '.',
      '/',
      '%2f',
      '%2e',
      '\\',
      'secret.txt',
      'assets',
      '%00',
      'renderer',
      'other',
      'link.txt',
      'index.html',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (parts) => {
        const file = await files.read(`/${parts.join('')}`);
        expect(file?.bytes.toString() ?? '').not.toContain(SECRET);
      }),
    );
  });

  test('decodePath never throws and never lets a separator in by the back door', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const path = decodePath(text);
        if (path !== null) expect(path).not.toMatch(/[\\\0%]/);
      }),
    );
  });

  test('a file or folder replaced by a link after the start is not followed', async () => {
    const other = await startWeb();
    try {
      const own = await enter(other);
      const root = join(other.dir, 'renderer');
      rmSync(join(root, 'a b.txt'));
      symlinkSync(join(other.dir, 'secret.txt'), join(root, 'a b.txt'));
      renameSync(join(root, 'assets'), join(root, 'moved'));
      symlinkSync(join(root, 'moved'), join(root, 'assets'));
      for (const path of ['/a%20b.txt', '/assets/plain.css']) {
        expect((await ask(other, path, { headers: { Cookie: own } })).status).toBe(404);
      }
    } finally {
      await other.close();
    }
  });
});
