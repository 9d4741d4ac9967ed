import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LibraryClient } from '../../helpers/library-rig-client.ts';
import { LibraryRig } from '../../helpers/library-rig.ts';
import { library, trashed } from './sync-library.helper.ts';

let rig: LibraryRig;
let ada: LibraryClient;
let ben: LibraryClient;

const BOM = '\ufeff';
/** Texts whose bytes a careless program changes. */
const ODD: Readonly<Record<string, string | Buffer>> = {
  'odd/lf.md': 'one\ntwo\n',
  'odd/crlf.md': 'one\r\ntwo\r\n',
  'odd/mixed.md': 'one\r\ntwo\nthree\rfour',
  'odd/no-final-newline.md': 'one\ntwo',
  'odd/bom.md': `${BOM}one\ntwo\n`,
  'odd/empty.md': '',
  'odd/only-newline.md': '\n',
  'odd/unicode.md': 'na\u00efve e\u0301 \ud83d\ude00\u2028\u0085\n',
  'odd/latin1.md': Buffer.from([0x6e, 0x61, 0xef, 0x76, 0x65, 0x0a]),
  'odd/zeros.bin': Buffer.from([0, 1, 2, 0, 0xff, 0xfe, 0x0d, 0x0a]),
  'odd/utf16.txt': Buffer.from(`${BOM}text\r\n`, 'utf16le'),
};

beforeEach(async () => {
  rig = await LibraryRig.connected({ ...library, ...ODD });
  ada = rig.client(0);
  ben = rig.client(1);
});
afterEach(() => {
  try {
    rig.account();
  } finally {
    rig.close();
  }
});

test('bytes arrive and leave as they are', async () => {
  for (const [path, content] of Object.entries(ODD)) {
    expect(ada.bytes(path), path).toEqual(Buffer.from(content));
    ada.put(path.replace('odd/', 'even/'), content);
  }
  await ada.publish();
  await ben.update();
  expect(ben.files()).toEqual(ada.files());
  expect(rig.files()).toEqual(ada.files());
});

test('line ends alone are a change, and stay what they are', async () => {
  ada.put('odd/lf.md', 'one\r\ntwo\r\n');
  ada.put('odd/crlf.md', 'one\ntwo\n');
  ada.put('odd/no-final-newline.md', 'one\ntwo\n');
  const { published } = await ada.publish();
  expect(published.map(({ path }) => path)).toEqual([
    'odd/crlf.md',
    'odd/lf.md',
    'odd/no-final-newline.md',
  ]);
  await ben.update();
  expect(ben.read('odd/lf.md')).toBe('one\r\ntwo\r\n');
  expect(ben.read('odd/crlf.md')).toBe('one\ntwo\n');
});

test('a merge keeps line ends, the mark at the start and the missing newline at the end', async () => {
  const base = (end: string) => Array.from({ length: 9 }, (_, n) => `line ${n}`).join(end);
  rig.push({
    'm/crlf.md': base('\r\n'),
    'm/bom.md': `${BOM}${base('\n')}`,
    'm/mixed.md': base('\n').replace('line 4\n', 'line 4\r\n'),
  });
  await Promise.all([ada.update(), ben.update()]);
  for (const path of ['m/crlf.md', 'm/bom.md', 'm/mixed.md']) {
    ada.put(path, ada.read(path).replace('line 1', 'of ada'));
    ben.put(path, ben.read(path).replace('line 7', 'of ben'));
  }
  await ben.publish();
  const { summary } = await ada.update();
  expect(summary.merged).toEqual(['m/bom.md', 'm/crlf.md', 'm/mixed.md']);
  const both = (text: string) => text.replace('line 1', 'of ada').replace('line 7', 'of ben');
  expect(ada.read('m/crlf.md')).toBe(both(base('\r\n')));
  expect(ada.read('m/bom.md')).toBe(both(`${BOM}${base('\n')}`));
  expect(ada.read('m/mixed.md')).toBe(both(base('\n').replace('line 4\n', 'line 4\r\n')));
  expect(trashed(ada).map(({ why }) => why)).toEqual(['merged', 'merged', 'merged']);
});

test('one side turns all line ends, the other edits: nobody’s bytes are guessed', async () => {
  ada.put('odd/lf.md', 'one\r\ntwo\r\n');
  rig.push({ 'odd/lf.md': 'one\nTWO\n' });
  const { summary } = await ada.update();
  expect(summary.conflicts).toEqual(['odd/lf.md']);
  expect(ada.read('odd/lf.md')).toBe('one\r\ntwo\r\n');
});

test('invalid UTF-8 on one side is not merged', async () => {
  rig.push({ 'm.md': 'line 0\nline 1\nline 2\nline 3\nline 4\n' });
  await ada.update();
  const mine = Buffer.concat([Buffer.from([0xef, 0x0a]), ada.bytes('m.md')]);
  ada.put('m.md', mine);
  rig.push({ 'm.md': 'line 0\nline 1\nline 2\nline 3\nof ben\n' });
  expect((await ada.update()).summary.conflicts).toEqual(['m.md']);
  expect(ada.bytes('m.md')).toEqual(mine);
});
