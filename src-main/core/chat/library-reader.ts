import type { Citation } from '../../../src-contract/common.ts';
import type { ModelEvent } from './ports.ts';

/** A quote is a passage to read, not a document: the chip opens the rest. */
const MAX_QUOTE_CHARS = 1_200;
const NOTHING_FOUND = `I found nothing about this in your documents.

Try other words, add the documents under Knowledge, or choose a model that can answer by itself.`;

/**
 * The built-in route: answers by quoting the best passages with their numbers. No model, no
 * network; each passage is one delta.
 */
export async function* quotePassages(
  passages: readonly Citation[],
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, void, undefined> {
  if (passages.length === 0) {
    yield { type: 'delta', text: NOTHING_FOUND };
  } else {
    yield { type: 'delta', text: `${opening(passages)}\n` };
    for (const passage of passages) {
      if (signal.aborted) break;
      yield { type: 'delta', text: `\n${quote(passage)}\n` };
    }
  }
  const usage = { inputTokens: 0, outputTokens: 0, estimated: false };
  yield { type: 'end', finish: signal.aborted ? 'cancelled' : 'stop', usage };
}

function opening(passages: readonly Citation[]): string {
  const files = [...new Set(passages.map(({ path }) => path))].map(asCode);
  const named = files.slice(0, 3);
  const more = files.length - named.length;
  const list = more > 0 ? [...named, `${more} more`] : named;
  const last = list.pop() ?? '';
  const joined = list.length > 0 ? `${list.join(', ')} and ${last}` : last;
  return passages.length === 1
    ? `The best passage is in ${joined}:`
    : `The best passages are in ${joined}:`;
}

function quote({ n, path, page, startLine, endLine, text }: Citation): string {
  const lines = shorten(text)
    .split(/\r\n|\r|\n/)
    .map((line) => `> ${disarm(line)}`.trimEnd());
  const place = page === null ? linesOf(startLine, endLine) : `page ${page}`;
  return `${lines.join('\n')}\n\n${asCode(path)}, ${place} [${n}]`;
}

function linesOf(start: number, end: number): string {
  return start === end ? `line ${start}` : `lines ${start}–${end}`;
}

function shorten(text: string): string {
  const trimmed = text.replace(/^(?:[ \t]*[\r\n])+/, '').trimEnd();
  if (trimmed.length <= MAX_QUOTE_CHARS) return trimmed;
  const head = trimmed.slice(0, MAX_QUOTE_CHARS);
  const line = head.lastIndexOf('\n');
  const kept =
    line > MAX_QUOTE_CHARS / 2 ? head.slice(0, line) : head.slice(0, head.lastIndexOf(' '));
  return `${(kept || head).trimEnd().toWellFormed()}\n…`;
}

/**
 * A document's own `[1]` must not look like one of our numbers, nor may its `[1]: …` define where
 * ours lead.
 */
function disarm(line: string): string {
  return line
    .replaceAll(/\[(?=\^?\d+\])/g, '\\[')
    .replace(/^([\s>*+\-\d.)]*)\[(?=[^\]]*(?:\]:|$))/, '$1\\[');
}

/** A path in code style; its own backticks and control characters would end it. */
function asCode(path: string): string {
  return `\`${path.replaceAll(/[`\p{Cc}]/gu, '_')}\``;
}
