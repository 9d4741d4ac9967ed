import { isMap, isScalar, parseDocument, stringify } from 'yaml';
import { isDeepStrictEqual } from 'node:util';
import { parseFields, type Fields } from '../items/front-matter.ts';

/** One `key: value` of front matter as it is written, with the comment lines before it and its line ends. */
interface Entry {
  readonly key: string;
  readonly source: string;
}

/**
 * A text with front matter that is edited key by key: whatever is not touched keeps its bytes,
 * comments included. The body is never touched.
 */
export class FrontText {
  readonly problems: readonly string[];
  /** Everything after the front matter's closing line; the whole text where there is none. */
  readonly tail: string;
  readonly #bom: string;
  readonly #open: string;
  readonly #close: string;
  readonly #eol: string;
  #entries: Entry[];
  /** Comments before the first key. */
  readonly #preamble: string;
  readonly #fields: Map<string, unknown>;
  #changed = false;
  readonly #yaml: string | null;

  constructor(text: string) {
    this.#bom = text.startsWith('\ufeff') ? '\ufeff' : '';
    const plain = text.slice(this.#bom.length);
    this.#eol = /^[^\n]*\r\n/.test(plain) ? '\r\n' : '\n';
    const open = /^---[ \t]*\r?\n/.exec(plain)?.[0];
    const rest = plain.slice(open?.length ?? 0);
    const close = open === undefined ? null : /^---[ \t]*(?:\r?\n|$)/m.exec(rest);
    const yaml = close ? rest.slice(0, close.index) : null;
    this.#yaml = yaml;
    this.#open = yaml === null ? `---${this.#eol}` : (open ?? '');
    this.#close = close?.[0] ?? `---${this.#eol}`;
    this.tail = close ? rest.slice(close.index + close[0].length) : plain;
    const { fields, problems } = parseFields(yaml ?? '');
    this.problems = problems;
    this.#fields = new Map(Object.entries(fields));
    const entries = entriesOf(yaml ?? '');
    this.#preamble = entries?.preamble ?? '';
    this.#entries = entries?.entries ?? emitAll(fields, this.#eol);
  }

  get fields(): Fields {
    return Object.fromEntries(this.#fields);
  }

  has(key: string): boolean {
    return this.#fields.has(key);
  }

  value(key: string): unknown {
    return this.#fields.get(key);
  }

  /** Replaces the value where the key is, else adds it: `first` before all others. */
  set(key: string, value: unknown, first = false): void {
    this.#put({ key, source: emit(key, value, this.#eol) }, value, first);
  }

  remove(key: string): void {
    if (!this.#fields.delete(key)) return;
    this.#entries = this.#entries.filter((entry) => entry.key !== key);
    this.#changed = true;
  }

  /** Moves keys as they are written below one mapping, where other programs don't look for them. */
  nest(group: string, keys: readonly string[]): void {
    const moved = keys.filter((key) => this.#fields.has(key));
    if (moved.length === 0) return;
    const inside = this.#group(group);
    for (const key of moved) {
      inside.values[key] = this.#fields.get(key);
      inside.sources.push(this.#entries.find((entry) => entry.key === key)?.source ?? '');
      this.remove(key);
    }
    this.#putGroup(group, inside);
  }

  /** Puts a value below the mapping. */
  setNested(group: string, key: string, value: unknown): void {
    const inside = this.#group(group);
    inside.values[key] = value;
    inside.sources.push(emit(key, value, this.#eol));
    this.#putGroup(group, inside);
  }

  /**
   * The way back: moves the named keys out of the mapping, in the place of what stands there, and
   * drops others from it.
   */
  unnest(group: string, keys: readonly string[], drop: readonly string[] = []): void {
    const value = this.#fields.get(group);
    if (!isMapping(value)) return;
    const inside = this.#group(group);
    const entries = withPreamble(inside.sources.join('')) ?? emitAll(value, this.#eol);
    const out = entries.filter(({ key }) => keys.includes(key));
    const left = entries.filter(({ key }) => !keys.includes(key) && !drop.includes(key));
    for (const entry of out) this.#put(entry, value[entry.key], entry.key === 'name');
    const values = Object.fromEntries(left.map(({ key }) => [key, value[key]]));
    if (left.length === 0) this.remove(group);
    else this.#putGroup(group, { values, sources: left.map(({ source }) => source) });
  }

  /** The text with this tail. Front matter is written where there was some, or where a key was added. */
  text(tail: string = this.tail): string {
    if (this.#yaml === null && this.#fields.size === 0) return this.#bom + tail;
    // A body that begins with an empty line must not lose it to the front matter before it.
    const gap = this.#yaml === null ? this.#eol : '';
    return this.#bom + this.#open + this.#front() + this.#close + gap + tail;
  }

  #front(): string {
    if (!this.#changed) return this.#yaml ?? '';
    const front = this.#preamble + this.#entries.map(({ source }) => source).join('');
    const { fields, problems } = parseFields(front);
    if (problems.length === 0 && isDeepStrictEqual({ ...fields }, { ...this.fields })) return front;
    // An anchor that stood in what was moved, or the like: then comments are given up, never a value.
    return emitAll(this.fields, this.#eol)
      .map(({ source }) => source)
      .join('');
  }

  #put(entry: Entry, value: unknown, first: boolean): void {
    const at = this.#entries.findIndex(({ key }) => key === entry.key);
    if (at >= 0) this.#entries = this.#entries.with(at, entry);
    else this.#entries = first ? [entry, ...this.#entries] : [...this.#entries, entry];
    this.#fields.set(entry.key, value);
    this.#changed = true;
  }

  #group(group: string): { values: Record<string, unknown>; sources: string[] } {
    const value = this.#fields.get(group);
    if (!isMapping(value)) return { values: {}, sources: [] };
    const source = this.#entries.find(({ key }) => key === group)?.source ?? '';
    const lines = source.split(/(?<=\n)/);
    const head = lines.findIndex((line) => line.startsWith(`${group}:`));
    const inner = lines.slice(head + 1);
    const isBlock =
      head >= 0 &&
      /^[^:]+:[ \t]*\r?\n$/.test(lines[head] ?? '') &&
      inner.every((line) => line.startsWith('  ') || line.trim() === '');
    return {
      values: { ...value },
      sources: isBlock
        ? [inner.map((line) => line.replace(/^ {2}/, '')).join('')]
        : emitAll(value, this.#eol).map(({ source: each }) => each),
    };
  }

  #putGroup(
    group: string,
    { values, sources }: { values: Record<string, unknown>; sources: readonly string[] },
  ): void {
    const inner = sources
      .join('')
      .split(/(?<=\n)/)
      .map((line) => (line.trim() === '' ? line : `  ${line}`))
      .join('');
    this.#put({ key: group, source: `${group}:${this.#eol}${inner}` }, values, false);
  }
}

/** Top-level keys of a block mapping with their lines; null where it is written in another way. */
function entriesOf(yaml: string): { preamble: string; entries: Entry[] } | null {
  const document = parseDocument(yaml, { schema: 'core', stringKeys: true, logLevel: 'silent' });
  if (document.errors.length > 0) return null;
  if (document.contents === null) return { preamble: yaml, entries: [] };
  if (!isMap(document.contents) || document.contents.flow === true) return null;
  const starts: { key: string; at: number }[] = [];
  for (const { key } of document.contents.items) {
    if (!isScalar(key) || typeof key.value !== 'string' || !key.range) return null;
    const at = key.range[0];
    if (at > 0 && yaml[at - 1] !== '\n') return null;
    starts.push({ key: key.value, at });
  }
  const first = starts[0]?.at ?? 0;
  const ended = yaml.endsWith('\n') ? yaml : `${yaml}\n`;
  const entries = starts.map(({ key, at }, index) => ({
    key,
    source: ended.slice(at, starts[index + 1]?.at ?? ended.length),
  }));
  return { preamble: yaml.slice(0, first), entries: commentsWithTheirKeys(entries) };
}

/** Entries of a nested mapping; a comment before the first one goes with it. */
function withPreamble(yaml: string): Entry[] | null {
  const found = entriesOf(yaml);
  const [first, ...others] = found?.entries ?? [];
  if (!found || !first) return null;
  return [{ key: first.key, source: found.preamble + first.source }, ...others];
}

/** Comment lines right before a key go with it, not with the key above. */
function commentsWithTheirKeys(entries: readonly Entry[]): Entry[] {
  const all: Entry[] = [];
  let carried = '';
  for (const [index, { key, source }] of entries.entries()) {
    const comments =
      index === entries.length - 1 ? '' : (/(?:^#[^\n]*\n)+(?![^])/m.exec(source)?.[0] ?? '');
    all.push({ key, source: carried + source.slice(0, source.length - comments.length) });
    carried = comments;
  }
  return all;
}

function emitAll(fields: Fields, eol: string): Entry[] {
  return Object.entries(fields).map(([key, value]) => ({ key, source: emit(key, value, eol) }));
}

function emit(key: string, value: unknown, eol: string): string {
  const text = stringify(
    { [key]: value },
    { schema: 'core', lineWidth: 0, flowCollectionPadding: false, aliasDuplicateObjects: false },
  );
  return eol === '\n' ? text : text.replaceAll('\n', eol);
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
