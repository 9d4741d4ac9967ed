/** What a file of another program is, by where it is and what it is called. */
export type Recognised =
  | {
      readonly kind: 'agent' | 'prompt';
      readonly stem: string;
      /** VS Code's `${input:…}` in it asks for something. */
      readonly asks: boolean;
    }
  | { readonly kind: 'mcp' | 'agents-md' }
  /** A file of the skill whose folder has this path. */
  | { readonly kind: 'skill'; readonly folder: string };

/** Folders of texts, the last one in a path counts; what is below keeps its own folders. */
const TEXTS: readonly (readonly ['agent' | 'prompt', RegExp])[] = [
  ['agent', /^(?:.*\/)?\.(?:github|agents|claude|cursor)\/agents\/(.+?)(?:\.agent)?\.md$/],
  ['agent', /^(?:.*\/)?\.cursor\/rules\/(.+)\.mdc$/],
  ['prompt', /^(?:.*\/)?\.(?:github|agents)\/prompts\/(.+)\.prompt\.md$/],
  ['prompt', /^(?:.*\/)?\.(?:claude|cursor)\/commands\/(.+)\.md$/],
  ['agent', /^(?:.*\/)?agents\/(.+)\.agent\.md$/],
  ['prompt', /^(?:.*\/)?prompts\/(.+)\.prompt\.md$/],
  ['agent', /^(?:.*\/)?([^/]+)\.agent\.md$/],
  ['prompt', /^(?:.*\/)?([^/]+)\.prompt\.md$/],
  ['agent', /^(?:.*\/)?([^/]+)\.mdc$/],
];
const SERVERS = /(?:^|\/)\.?mcp\.json$/;
/** Where `.prompt.md` is Carrel's own. */
const OURS = /(?:^|\/)(?:\.agents\/)?prompts\//;

/**
 * Recognises a file by its path, with `/`. `skillFolders` are the folders that have a SKILL.md: all
 * of their files belong to them, whatever they are called.
 */
export function recognise(path: string, skillFolders: ReadonlySet<string>): Recognised | null {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const folder = path.slice(0, end);
    if (skillFolders.has(folder)) return { kind: 'skill', folder };
  }
  for (const [kind, pattern] of TEXTS) {
    const stem = pattern.exec(path)?.[1];
    if (stem === undefined) continue;
    const isTheirs = path.includes('.github/') || !OURS.test(path);
    return { kind, stem, asks: path.endsWith('.prompt.md') && isTheirs };
  }
  if (SERVERS.test(path)) return { kind: 'mcp' };
  if (/(?:^|\/)AGENTS\.md$/.test(path)) return { kind: 'agents-md' };
  return null;
}

/** Folders with a SKILL.md, outermost only: one inside another belongs to it. */
export function skillFoldersOf(paths: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>();
  const all = paths
    .filter((path) => /(?:^|\/)SKILL\.md$/.test(path))
    .map((path) => path.slice(0, -9));
  for (const folder of all.toSorted((a, b) => a.length - b.length)) {
    const isInside = [...folders].some((outer) => folder.startsWith(`${outer}/`));
    if (folder !== '' && !isInside) folders.add(folder);
  }
  return folders;
}
