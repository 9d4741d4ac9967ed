import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';

const program = join(import.meta.dirname, '..', 'web', 'serve-program.helper.ts');

let dir: string;
let served: ChildProcess;
let link: URL;
let hostile: Server;
let hostileOrigin: string;

test.beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'carrel-shell-'));
  mkdirSync(join(dir, 'renderer'));
  writeFileSync(
    join(dir, 'renderer', 'index.html'),
    '<!doctype html><title>App</title><link rel="icon" href="data:,"><style nonce="__CSP_NONCE__">h1{color:rgb(1,2,3)}</style><h1>App</h1><script src="./a.js"></script>',
  );
  writeFileSync(join(dir, 'renderer', 'a.js'), 'window.appRan = true;');
  served = spawn(process.execPath, [program, '--data-dir', dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TEST_RENDERER: join(dir, 'renderer') },
  });
  link = await new Promise<URL>((resolve) => {
    served.stdout?.once('data', (chunk: Buffer) => resolve(new URL(chunk.toString().trim())));
  });
  hostile = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html');
    if (request.url === '/empty') response.end('<title>Other</title>');
    else response.end(`<title>Other</title><a href="${link.origin}/">over there</a>`);
  });
  await new Promise<void>((resolve) => hostile.listen(0, '127.0.0.1', resolve));
  hostileOrigin = `http://127.0.0.1:${(hostile.address() as AddressInfo).port}`;
});

test.afterEach(async () => {
  const ended = new Promise((resolve) => served.once('exit', resolve));
  served.kill('SIGTERM');
  await ended;
  hostile.closeAllConnections();
  await new Promise((resolve) => hostile.close(resolve));
  rmSync(dir, { recursive: true, force: true });
});

/** Asks the engine through the page's own fetch and web socket, as the renderer does. */
function echo(): Promise<string> {
  return (async () => {
    const response = await fetch('/ticket', { method: 'POST' });
    const { ticket } = (await response.json()) as { ticket: string };
    const url = new URL(`/engine?ticket=${ticket}`, location.href);
    url.protocol = 'ws:';
    const socket = new WebSocket(url);
    return new Promise<string>((resolve) => {
      socket.addEventListener('close', (event) => resolve(`closed ${event.code}`));
      socket.addEventListener('open', () =>
        socket.send('{"t":"call","id":1,"route":"echo","input":"hello"}'),
      );
      socket.addEventListener('message', (event: MessageEvent<string>) => {
        const frame = JSON.parse(event.data) as { t: string; result?: { value: string } };
        if (frame.t === 'result') resolve(String(frame.result?.value));
      });
    });
  })();
}

test('the link lets the browser in, leaves no token in sight, and the app speaks to the engine', async ({
  page,
  context,
}) => {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(link.href);
  expect(page.url()).toBe(`${link.origin}/`);
  await expect(page.getByRole('heading', { name: 'App' })).toHaveCSS('color', 'rgb(1, 2, 3)');
  expect(await page.evaluate('window.appRan')).toBe(true);
  expect(await page.evaluate(echo)).toBe('hello');
  expect(await page.evaluate(() => document.cookie)).toBe('');
  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', name: `carrel-${link.port}` });
  await page.reload();
  await expect(page.getByRole('heading', { name: 'App' })).toBeVisible();
  expect(problems).toEqual([]);
});

test('without the link there is a plain page, and it does not reload for ever', async ({
  page,
}) => {
  let loads = 0;
  page.on('request', (request) => {
    if (request.isNavigationRequest()) loads += 1;
  });
  await page.goto(`${link.origin}/`);
  await expect(page.getByRole('heading')).toHaveText('Open Carrel with its link');
  await expect.poll(() => loads).toBe(2);
  await page.reload();
  await expect(page.getByRole('heading')).toHaveText('Open Carrel with its link');
  expect(loads).toBe(3);
});

test('a used link says so', async ({ page, browser }) => {
  await page.goto(link.href);
  const other = await browser.newContext();
  const second = await other.newPage();
  await second.goto(link.href);
  await expect(second.getByRole('heading')).toHaveText('This link was used already');
  await other.close();
});

test('a visit from another site arrives, in spite of the strict cookie', async ({ page }) => {
  await page.goto(link.href);
  // Another host name is another site: the cookie stays at home on the first step.
  await page.goto(hostileOrigin.replace('127.0.0.1', 'localhost'));
  await page.getByRole('link', { name: 'over there' }).click();
  await expect(page.getByRole('heading', { name: 'App' })).toBeVisible();
});

for (const host of ['127.0.0.1', 'localhost']) {
  test(`a page of another program at ${host} reads nothing, asks nothing, frames nothing`, async ({
    page,
  }) => {
    await page.goto(link.href);
    await page.goto(`${hostileOrigin.replace('127.0.0.1', host)}/empty`);
    const got = await page.evaluate(async (target) => {
      const found: string[] = [];
      const load = (tag: 'script' | 'img', src: string): Promise<void> =>
        new Promise((resolve) => {
          const element = document.createElement(tag);
          element.addEventListener('load', () => {
            found.push(`${tag} loaded`);
            resolve();
          });
          element.addEventListener('error', () => resolve());
          element.src = src;
          document.body.append(element);
        });
      await load('script', `${target}/a.js`);
      await load('img', `${target}/`);
      for (const path of ['/', '/ticket']) {
        for (const mode of ['cors', 'no-cors'] as const) {
          try {
            const method = path === '/ticket' ? 'POST' : 'GET';
            const answer = await fetch(target + path, { mode, method, credentials: 'include' });
            if (answer.type !== 'opaque') found.push(`${mode} ${path}: ${await answer.text()}`);
          } catch {
            // Refused by the browser: what we want.
          }
        }
      }
      await new Promise<void>((resolve) => {
        const socket = new WebSocket(`${target.replace('http', 'ws')}/engine?ticket=x`);
        socket.addEventListener('open', () => found.push('socket open'));
        socket.addEventListener('close', () => resolve());
      });
      const frame = document.createElement('iframe');
      frame.src = `${target}/`;
      const framed = new Promise((resolve) => frame.addEventListener('load', resolve));
      document.body.append(frame);
      await framed;
      if ('appRan' in window) found.push('our script ran');
      return found;
    }, link.origin);
    expect(got).toEqual([]);
    for (const frame of page.frames().slice(1)) {
      // The browser's own page about a refusal has a heading too.
      await expect(frame.getByText('App')).toHaveCount(0);
      await expect(frame.getByText('Open Carrel')).toHaveCount(0);
    }
    // And the session is none the worse for it.
    await page.goto(`${link.origin}/`);
    expect(await page.evaluate(echo)).toBe('hello');
  });
}
