import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ask,
  enter,
  openTab,
  raw,
  startWeb,
  ticketFor,
  type Answer,
  type Harness,
} from './web.helper.ts';

let web: Harness;
let cookie: string;

beforeAll(async () => {
  web = await startWeb();
  cookie = await enter(web);
});
afterAll(() => web.close());

/** What every answer must carry, whatever it says. */
function expectGuarded(answer: Answer): void {
  const csp = String(answer.headers['content-security-policy']);
  expect(csp).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(csp).toContain("img-src 'self' data: blob:; font-src 'self'; connect-src 'self' ws://");
  expect(csp).toContain("frame-ancestors 'none'");
  expect(csp).not.toContain('unsafe');
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(answer.headers['referrer-policy']).toBe('no-referrer');
  expect(answer.headers['cross-origin-opener-policy']).toBe('same-origin');
  expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin');
  expect(answer.headers['cache-control']).toBeTruthy();
  expect(answer.headers['access-control-allow-origin']).toBeUndefined();
}

describe('start link', () => {
  test('lets one browser in: a strict cookie that names the port, and on to the app', async () => {
    const link = new URL(web.server.newLink('anyone'));
    expect(link.hostname).toBe('127.0.0.1');
    const answer = await ask(web, link.pathname + link.search);
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^carrel-${web.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
    expectGuarded(answer);
  });

  test('is refused a second time, even with a good cookie', async () => {
    const link = new URL(web.server.newLink('anyone'));
    await ask(web, link.pathname + link.search);
    const known: Record<string, string>[] = [{}, { Cookie: cookie }];
    for (const headers of known) {
      const again = await ask(web, link.pathname + link.search, { headers });
      expect(again.status).toBe(403);
      expect(again.headers['set-cookie']).toBeUndefined();
      expect(again.body).toContain('used already');
      expectGuarded(again);
    }
  });

  test('is refused after an hour', async () => {
    const link = new URL(web.server.newLink('anyone'));
    web.clock.ms += 60 * 60 * 1000;
    expect((await ask(web, link.pathname + link.search)).status).toBe(403);
  });

  test('is not used up by a page that loads ahead, a check of the head, or another site', async () => {
    const link = new URL(web.server.newLink('anyone'));
    const path = link.pathname + link.search;
    const tries: { headers?: Record<string, string>; method?: string }[] = [
      { headers: { 'Sec-Purpose': 'prefetch' } },
      { method: 'HEAD' },
      { headers: { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' } },
      { headers: { Origin: 'http://evil.example' } },
    ];
    for (const one of tries) {
      const answer = await ask(web, path, one);
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
    expect((await ask(web, path)).status).toBe(303);
  });

  test.each(['', 'x', 'a'.repeat(43), '%00', '__proto__'])('a made-up token: %j', async (token) => {
    expect((await ask(web, `/?token=${token}`)).status).toBe(403);
  });

  test('a link that nobody used is dropped for newer ones', async () => {
    const first = new URL(web.server.newLink('anyone'));
    for (let n = 0; n < 8; n += 1) web.server.newLink('anyone');
    expect((await ask(web, first.pathname + first.search)).status).toBe(403);
  });
});

describe('cookie', () => {
  test.each(['/', '/assets/main-Ab12_-9x.js', '/assets/plain.css', '/no-such-file'])(
    '%s without one: a page that says how to get in',
    async (path) => {
      const answer = await ask(web, path);
      expect(answer.status).toBe(401);
      expect(answer.body).toContain('Open Carrel with its link');
      expect(answer.body).not.toContain('__CSP_NONCE__');
      expectGuarded(answer);
    },
  );

  test('a wrong value, another port’s name, or a value of another server', async () => {
    const other = await startWeb();
    try {
      const foreign = (await enter(other)).split('=')[1] ?? '';
      const wrong = [
        `carrel-${web.port}=${'a'.repeat(43)}`,
        `carrel-${web.port}=${foreign}`,
        `carrel-${other.port}=${cookie.split('=')[1]}`,
        `carrel-${web.port}=`,
        cookie.split('=')[1] ?? '',
      ];
      for (const value of wrong) {
        expect((await ask(web, '/', { headers: { Cookie: value } })).status).toBe(401);
      }
      expect((await ask(other, '/', { headers: { Cookie: cookie } })).status).toBe(401);
    } finally {
      await other.close();
    }
  });

  test('a cookie that another local program added under our name does not lock us out', async () => {
    const both = `carrel-${web.port}=planted; other=1; ${cookie}`;
    expect((await ask(web, '/', { headers: { Cookie: both } })).status).toBe(200);
  });

  test('the script of the entry page needs none', async () => {
    const answer = await ask(web, '/enter.js');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain('text/javascript');
    expectGuarded(answer);
  });
});

describe('Host', () => {
  test.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    'localhost',
    'localhost.evil.example:PORT',
    '127.0.0.1.evil.example:PORT',
    '0.0.0.0:PORT',
    '[::1]:PORT',
    '127.0.0.1:PORT.',
    'LOCALHOST:PORT@evil.example',
  ])('%j is refused, whatever else is right', async (template) => {
    const host = template.replace('PORT', String(web.port));
    const headers = { Host: host, Cookie: cookie };
    expect((await ask(web, '/', { headers })).status).toBe(403);
    const change = { ...headers, Origin: `http://${host}` };
    const ticket = await ask(web, '/ticket', { method: 'POST', headers: change });
    expect(ticket.status).toBe(403);
    expect(ticket.body).not.toContain('ticket":');
    expectGuarded(ticket);
  });

  test('localhost with our port is ours', async () => {
    const headers = { Host: `localhost:${web.port}`, Cookie: cookie };
    expect((await ask(web, '/', { headers })).status).toBe(200);
  });

  test('none, two of them, or one in the request line', async () => {
    const own = `Host: ${web.host}\r\nCookie: ${cookie}\r\nConnection: close\r\n`;
    const tries = [
      `GET / HTTP/1.1\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost:\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: evil.example\r\n${own}\r\n`,
      `GET / HTTP/1.1\r\n${own}Host: evil.example\r\n\r\n`,
      `GET http://evil.example/ HTTP/1.1\r\n${own}\r\n`,
      `GET http://${web.host}/ HTTP/1.1\r\n${own}\r\n`,
      `GET / HTTP/1.0\r\nCookie: ${cookie}\r\n\r\n`,
    ];
    for (const text of tries) {
      const answer = await raw(web, text);
      expect(answer).toMatch(/^HTTP\/1\.1 40[03] /);
      expect(answer).toContain('Content-Security-Policy: ');
      expect(answer).not.toContain('<title>App');
    }
  });
});

describe('Origin', () => {
  const foreign = [
    'http://evil.example',
    'https://127.0.0.1:PORT',
    'http://127.0.0.1:1',
    'http://localhost:PORT',
    'http://127.0.0.1:PORT.evil.example',
    'http://127.0.0.1:PORT/',
    'null',
    '',
  ];

  test.each(foreign)('a ticket for %j is refused with a good cookie', async (template) => {
    const Origin = template.replace('PORT', String(web.port));
    const answer = await ask(web, '/ticket', {
      method: 'POST',
      headers: { Cookie: cookie, Origin },
    });
    expect(answer.status).toBe(403);
    expect(answer.body).not.toContain('"ticket"');
    expectGuarded(answer);
  });

  test.each(foreign)('a web socket for %j is refused with cookie and ticket', async (template) => {
    const Origin = template.replace('PORT', String(web.port));
    const ticket = await ticketFor(web, cookie);
    await expect(openTab(web, cookie, ticket, { Origin })).rejects.toThrow('refused with 403');
  });

  test('a change without one is refused', async () => {
    const answer = await ask(web, '/ticket', { method: 'POST', headers: { Cookie: cookie } });
    expect(answer.status).toBe(403);
  });

  test('a read by a page of another port of this machine is refused, a visit is not', async () => {
    const script = {
      Cookie: cookie,
      'Sec-Fetch-Site': 'same-site',
      'Sec-Fetch-Mode': 'no-cors',
      'Sec-Fetch-Dest': 'script',
    };
    const embedded = await ask(web, '/assets/main-Ab12_-9x.js', { headers: script });
    expect(embedded.status).toBe(403);
    const frame = { ...script, 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe' };
    expect((await ask(web, '/', { headers: frame })).status).toBe(403);
    const visit = { ...frame, 'Sec-Fetch-Dest': 'document' };
    expect((await ask(web, '/', { headers: visit })).status).toBe(200);
    const fetched = { Cookie: cookie, Origin: 'http://localhost:3000' };
    expect((await ask(web, '/', { headers: fetched })).status).toBe(403);
  });

  test('what the browser calls foreign is refused even with our Origin', async () => {
    const headers = { Cookie: cookie, Origin: web.origin, 'Sec-Fetch-Site': 'same-site' };
    expect((await ask(web, '/ticket', { method: 'POST', headers })).status).toBe(403);
  });
});

describe('limits', () => {
  const change = (): Record<string, string> => ({ Cookie: cookie, Origin: web.origin });

  test('a body over its limit, announced or not', async () => {
    const body = 'x'.repeat(2_000);
    const announced = await ask(web, '/ticket', { method: 'POST', headers: change(), body });
    expect(announced.status).toBe(413);
    const chunked = await ask(web, '/ticket', {
      method: 'POST',
      headers: { ...change(), 'Transfer-Encoding': 'chunked' },
      body,
    });
    expect(chunked.status).toBe(413);
    expectGuarded(chunked);
  });

  test('a head over its limit', async () => {
    const answer = await raw(web, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toContain('Content-Security-Policy: ');
  });

  test('what is not HTTP', async () => {
    const answer = await raw(web, 'hello\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('Content-Security-Policy: ');
  });

  test.each(['OPTIONS', 'PUT', 'DELETE', 'TRACE', 'PATCH'])(
    '%s is no method here',
    async (method) => {
      const answer = await ask(web, '/', { method, headers: change() });
      expect(answer.status).toBe(405);
      expectGuarded(answer);
    },
  );

  test('expectations are refused with the same headers', async () => {
    const answer = await ask(web, '/', { headers: { ...change(), Expect: 'something' } });
    expect(answer.status).toBe(417);
    expectGuarded(answer);
  });

  test('an unknown change', async () => {
    const answer = await ask(web, '/nothing', { method: 'POST', headers: change() });
    expect(answer.status).toBe(404);
    expectGuarded(answer);
  });
});
