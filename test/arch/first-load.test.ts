import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rollup } from 'vite';
import { afterEach, expect, test, vi } from 'vitest';
import { rendererConfig } from '../../scripts/renderer.vite.ts';

/** What a window reads before the first conversation shows. Most of it is React; the rest is ours to keep small. */
const MAX_BYTES = 350_000;
const MAX_GZIP_BYTES = 120_000;
/** Markdown comes beside the first screen: an answer can be read as plain text until then. */
const MAX_MARKDOWN_GZIP_BYTES = 46_000;

afterEach(() => vi.unstubAllEnvs());

/** Built in memory: what lies in out/ may be of another day. */
async function chunks(): Promise<readonly Rollup.OutputChunk[]> {
  // The runner's own would bring the development build of React.
  vi.stubEnv('NODE_ENV', 'production');
  const config = rendererConfig();
  const built = await build({
    ...config,
    configFile: false,
    logLevel: 'silent',
    build: { ...config.build, write: false, reportCompressedSize: false },
  });
  const outputs = Array.isArray(built) ? built : [built as Rollup.RollupOutput];
  return outputs.flatMap(({ output }) => output.filter((each) => each.type === 'chunk'));
}

/** A chunk and all that it imports at once. */
function closure(
  all: readonly Rollup.OutputChunk[],
  wanted: readonly Rollup.OutputChunk[],
): readonly Rollup.OutputChunk[] {
  const found = new Set<Rollup.OutputChunk>();
  const visit = (chunk: Rollup.OutputChunk | undefined): void => {
    if (!chunk || found.has(chunk)) return;
    found.add(chunk);
    for (const name of chunk.imports) visit(all.find(({ fileName }) => fileName === name));
  };
  for (const chunk of wanted) visit(chunk);
  return [...found];
}

function gzipped(list: readonly Rollup.OutputChunk[]): number {
  return list.reduce((sum, { code }) => sum + gzipSync(code).length, 0);
}

test('what is read before the first conversation shows stays small', async () => {
  const all = await chunks();
  const has = (part: string) =>
    all.filter(({ moduleIds }) => moduleIds.some((id) => id.endsWith(part)));
  const first = closure(all, [
    ...all.filter(({ isEntry }) => isEntry),
    ...has('chat/chat-page.tsx'),
  ]);
  expect(first.length).toBeGreaterThan(2);
  const modules = first.flatMap(({ moduleIds }) => moduleIds);
  // Schemas belong to the engine, the renderer of Markdown and dialogs to their own time.
  expect(
    modules.filter((id) => /\/(?:zod|markdown-it|@radix-ui\/react-dialog)\//u.test(id)),
  ).toEqual([]);
  expect(first.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0)).toBeLessThan(MAX_BYTES);
  expect(gzipped(first)).toBeLessThan(MAX_GZIP_BYTES);

  const markdown = closure(all, has('markdown/markdown.tsx')).filter(
    (chunk) => !first.includes(chunk),
  );
  expect(gzipped(markdown)).toBeLessThan(MAX_MARKDOWN_GZIP_BYTES);
}, 60_000);

test('the page names no file of elsewhere', () => {
  const page = readFileSync(join(import.meta.dirname, '../../src-renderer/index.html'), 'utf8');
  expect([...page.matchAll(/(?:src|href)="([^"]*)"/gu)].map(([, address]) => address)).toEqual([
    '../assets/icon.svg',
    './main.tsx',
  ]);
});
