import { createParser, type MarkdownIt, type References, type Token } from './parser.ts';

/** One top-level block: a paragraph, a list, a fence. The same object as long as nothing in it changed. */
export interface Block {
  /** Where it begins in the text, in UTF-16 units: unique and stable while the text grows. */
  readonly start: number;
  readonly tokens: readonly Token[];
  /** Whether a reference definition elsewhere can change it. */
  readonly linkable: boolean;
}

/** Blocks are handed out in groups of this size: a long answer redraws its last group only. */
const GROUP_SIZE = 32;

/**
 * Markdown that grows at its end. `update` parses again only what the new text can still change, and
 * always gives what one parse of the whole text would give.
 *
 * Why it holds: at top level markdown-it parses each block from its first line on, without looking
 * back, and decides where a block ends with at most two lines: the first of the next block and the
 * line below (the rule of a table's head). So once both are complete, everything before is final.
 * The exception are reference definitions, which reach every block: when they change, the inline
 * text of all blocks with a bracket is parsed again.
 */
export class MarkdownDocument {
  readonly #parser: MarkdownIt;
  #text = '';
  /** Where the open tail begins. */
  #tailStart = 0;
  #stable: (readonly Block[])[] = [];
  #groups: readonly (readonly Block[])[] = [];
  #stableReferences: References = {};
  #referenceKey = '{}';
  /** Levels of the headings that are open where the tail begins. */
  #stableOutline: readonly number[] = [];
  /** Inline tokens of the last tail by their text: a growing list parses its new item only. */
  #inlines = new Map<string, Token[]>();

  constructor(parser: MarkdownIt = createParser()) {
    this.#parser = parser;
  }

  /** The blocks of `text`, grouped. Text that does not continue the last one is parsed from its beginning. */
  update(text: string): readonly (readonly Block[])[] {
    if (text === this.#text) return this.#groups;
    if (!text.startsWith(this.#text)) this.#reset();
    this.#text = text;

    const raw = text.slice(this.#tailStart);
    const tail = raw.replaceAll(/\r\n?/gu, '\n').replaceAll('\0', '\uFFFD');
    const references: References = { ...this.#stableReferences };
    const env = { references };
    const tokens: Token[] = [];
    this.#parser.block.parse(tail, this.#parser, env, tokens);

    this.#followReferences(references);
    const starts = lineStarts(raw);
    rankHeadings(tokens, [...this.#stableOutline]);
    const open = this.#parseInlines(split(tokens), references).map((block): Block => ({
      start: this.#tailStart + (starts[block.line] ?? 0),
      tokens: block.tokens,
      linkable: block.linkable,
    }));
    // The last entry of `starts` is the line that may still grow.
    const final = countFinal(
      open,
      this.#tailStart + (starts[starts.length - 3] ?? -1),
      starts.length >= 3,
    );
    this.#settle(open.slice(0, final), references);
    const rest = open.slice(final);
    if (rest[0] && final > 0) this.#tailStart = rest[0].start;
    this.#groups = rest.length > 0 ? [...this.#stable, rest] : [...this.#stable];
    return this.#groups;
  }

  #reset(): void {
    this.#text = '';
    this.#tailStart = 0;
    this.#stable = [];
    this.#groups = [];
    this.#stableReferences = {};
    this.#referenceKey = '{}';
    this.#stableOutline = [];
    this.#inlines = new Map();
  }

  /** Parses the inline text of settled blocks again where the set of definitions has changed. */
  #followReferences(references: References): void {
    const key = JSON.stringify(references);
    if (key === this.#referenceKey) return;
    this.#referenceKey = key;
    this.#inlines = new Map();
    this.#stable = this.#stable.map((group) =>
      group.some((block) => block.linkable)
        ? group.map((block) => (block.linkable ? this.#again(block, references) : block))
        : group,
    );
  }

  #again(block: Block, references: References): Block {
    const tokens = block.tokens.map((token) => {
      if (token.type !== 'inline') return token;
      const copy: Token = Object.assign(Object.create(Object.getPrototypeOf(token)), token);
      copy.children = this.#inline(token.content, references);
      return copy;
    });
    return { ...block, tokens };
  }

  #inline(content: string, references: References): Token[] {
    const children: Token[] = [];
    this.#parser.inline.parse(content, this.#parser, { references }, children);
    return children;
  }

  #parseInlines(blocks: readonly OpenBlock[], references: References): OpenBlock[] {
    const before = this.#inlines;
    this.#inlines = new Map();
    return blocks.map((block) => {
      let linkable = false;
      for (const token of block.tokens) {
        if (token.type !== 'inline') continue;
        token.children = before.get(token.content) ?? this.#inline(token.content, references);
        this.#inlines.set(token.content, token.children);
        linkable ||= token.content.includes('[');
      }
      return { ...block, linkable };
    });
  }

  #settle(blocks: readonly Block[], references: References): void {
    const outline = [...this.#stableOutline];
    for (const block of blocks) {
      rankHeadings(block.tokens, outline);
      for (const token of block.tokens) {
        const label = token.type === 'reference_definition' ? token.meta?.['label'] : undefined;
        const found = typeof label === 'string' ? references[label] : undefined;
        if (typeof label === 'string' && found) this.#stableReferences[label] ??= found;
      }
      const last = this.#stable.at(-1);
      if (last && last.length < GROUP_SIZE)
        this.#stable[this.#stable.length - 1] = [...last, block];
      else this.#stable.push([block]);
    }
    this.#stableOutline = outline;
  }
}

interface OpenBlock {
  readonly line: number;
  readonly tokens: readonly Token[];
  readonly linkable: boolean;
}

/** Cuts a flat token list at its top-level blocks. */
function split(tokens: readonly Token[]): OpenBlock[] {
  const blocks: { line: number; tokens: Token[]; linkable: boolean }[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (depth === 0) blocks.push({ line: token.map?.[0] ?? 0, tokens: [token], linkable: false });
    else blocks.at(-1)?.tokens.push(token);
    depth += token.nesting;
  }
  return blocks;
}

/**
 * Gives each heading its place in the outline (`meta.depth`, from 1): one deeper than the heading it
 * stands under, however many levels its author skipped, so that no reader of an outline misses a step.
 * `outline` holds the levels of the open headings and is moved along.
 */
function rankHeadings(tokens: readonly Token[], outline: number[]): void {
  for (const token of tokens) {
    if (token.type !== 'heading_open') continue;
    const level = Number(token.tag.slice(1));
    while ((outline.at(-1) ?? 0) >= level) outline.pop();
    outline.push(level);
    token.meta = { depth: outline.length };
  }
}

/** Offsets at which the lines of a text begin; `\r\n` and a lone `\r` end a line too. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (const found of text.matchAll(/\r\n?|\n/gu)) starts.push(found.index + found[0].length);
  return starts;
}

/** How many leading blocks are final: the one after them must begin at or before `lastSafeStart`. */
function countFinal(blocks: readonly Block[], lastSafeStart: number, any: boolean): number {
  if (!any) return 0;
  for (let i = blocks.length - 1; i > 0; i--) {
    const block = blocks[i];
    if (block && block.start <= lastSafeStart) return i;
  }
  return 0;
}
