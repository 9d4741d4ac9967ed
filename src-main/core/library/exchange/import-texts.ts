import { basename, dirname } from 'node:path/posix';
import { withoutSection } from './agents-md.ts';
import { FrontText } from './front-text.ts';
import { inward, type Foreign } from './inward.ts';
import type { Losses } from './losses.ts';
import { slug } from './names.ts';
import type { Draft } from './place-files.ts';
import { decode } from './read-library.ts';

/** A recognised agent or prompt as a file of the library; none where it is no such thing. */
export function textDraft(
  { kind, stem, path, asks }: Omit<Foreign, 'text'>,
  bytes: Buffer,
  lost: Losses,
): Draft[] {
  const text = decode(bytes);
  if (text === null) {
    lost.add(path, 'left out: it is not UTF-8 text.');
    return [];
  }
  // Subagents are known by their front matter; a README beside them is none.
  if (
    kind === 'agent' &&
    !/\.(?:agent\.md|mdc)$/.test(path) &&
    !/^\ufeff?---[ \t]*\r?\n/.test(text)
  ) {
    lost.add(path, 'left out: it has no front matter, so it is no agent.');
    return [];
  }
  const item = inward({ kind, stem, path, asks, text }, lost);
  return [{ path: item.path, bytes: () => Buffer.from(item.text, 'utf8') }];
}

/** An AGENTS.md becomes an agent that is called like the folder it stands in. */
export function instructions(path: string, bytes: Buffer, lost: Losses): Draft[] {
  const text = decode(bytes);
  if (text === null) {
    lost.add(path, 'left out: it is not UTF-8 text.');
    return [];
  }
  const body = withoutSection(text);
  if (body.trim() === '') return [];
  const name = basename(dirname(path)) || 'Instructions';
  const front = new FrontText(body);
  if (!front.has('name')) front.set('name', name, true);
  if (!front.has('description'))
    front.set('description', `Instructions of the AGENTS.md of ${name}`);
  return [
    { path: `agents/${slug(name)}.agent.md`, bytes: () => Buffer.from(front.text(), 'utf8') },
  ];
}
