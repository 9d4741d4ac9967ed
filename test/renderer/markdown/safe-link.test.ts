import { describe, expect, it } from 'vitest';
import { hostOf, safeHref } from '../../../src-renderer/markdown/safe-link.ts';

describe('safeHref', () => {
  it.each([
    ['https://example.org', 'https://example.org/'],
    ['http://127.0.0.1:8080/a?b=c#d', 'http://127.0.0.1:8080/a?b=c#d'],
    ['HTTPS://Example.org/A', 'https://example.org/A'],
    ['mailto:team@example.org', 'mailto:team@example.org'],
    ['https://xn--exmple-cua.org/', 'https://xn--exmple-cua.org/'],
  ])('%s is a link', (raw, href) => expect(safeHref(raw)).toBe(href));

  it.each([
    'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', 'java\tscript:alert(1)',
    '\u0001javascript:alert(1)', 'data:text/html,<script>alert(1)</script>', 'data:image/png;base64,AAAA', 'vbscript:x',
    'file:///etc/passwd', 'smb://host/share', '\\\\host\\share', 'ms-msdt:/id', 'carrel://open', 'blob:https://x.org/1',
    'about:blank', 'view-source:https://x.org', 'ftp://x.org', 'ws://x.org', '//x.org/a', '/a', 'a.md', '#a', '', 'https:', 'https://',
    'http:x.org', 'https:/x.org', 'https:///x.org', 'https://user@x.org', 'https://bank.example:pw@evil.example', 'https://x.org\u202Egro.x',
    'https://x.org/\u0000', 'https://x.org/a b', 'https://x.org\\@y.org', 'https://[bad', 'mailto:', `https://x.org/${'a'.repeat(3_000)}`,
    'https://x.org/\u200B', 'https://x.org/\r\nSet-Cookie:a',
  ])('%j stays text', (raw) => expect(safeHref(raw)).toBeNull()); // prettier-ignore
});

describe('hostOf', () => {
  it.each([
    ['https://example.org:8443/a.png', 'example.org:8443'],
    ['data:image/png;base64,AAAA', 'data'],
    ['pictures/a.png', 'unknown place'],
  ])('%s', (raw, host) => expect(hostOf(raw)).toBe(host));
});
