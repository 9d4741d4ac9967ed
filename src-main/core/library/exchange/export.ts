import { mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative, isAbsolute } from 'node:path';
import { AppError } from '../../../../src-contract/app-error.ts';
import { fromDisk, noLibrary } from '../errors.ts';
import { statOrNull } from '../files/record.ts';
import type { LibraryDirs } from '../git-jobs.ts';
import type { ExchangeFormat, Exchanged, ItemJobs } from '../item-jobs.ts';
import { exists } from '../jobs/library-state.ts';
import { MAX_FILE_BYTES } from '../limits.ts';
import { AGENTS_FOLDER, section, withSection } from './agents-md.ts';
import { FrontText } from './front-text.ts';
import { Losses, quoted } from './losses.ts';
import { readServers, toEnv, writeServers } from './mcp-servers.ts';
import { Names } from './names.ts';
import { outward } from './outward.ts';
import { placeFiles, type Draft } from './place-files.ts';
import { decode, MCP_FILE, readLibrary, type LibraryContent } from './read-library.ts';
import { shapesOf } from './shapes.ts';

const PROGRAM: Record<ExchangeFormat, string> = {
  claude: 'Claude Code',
  vscode: 'VS Code',
  cursor: 'Cursor',
  agents: 'AGENTS.md',
};
const SKILLS: Record<ExchangeFormat, string> = {
  claude: '.claude/skills',
  vscode: '.github/skills',
  cursor: '.cursor/skills',
  agents: `${AGENTS_FOLDER}/skills`,
};
const SERVERS = {
  claude: { path: '.mcp.json', style: 'mcpServers' },
  vscode: { path: '.vscode/mcp.json', style: 'servers' },
  cursor: { path: '.cursor/mcp.json', style: 'mcpServers' },
} as const;

/**
 * Writes the library's files as they are now into a folder, in the format of another program. The
 * same library gives the same bytes. `written` has every file that holds the export, `lost` in words
 * what could not be carried over; files that hold something else are left as they are.
 * Errors: `library/none`, `library/export-place`, the disk.
 */
export function exportLibrary({ dirs, to, dir }: ItemJobs['export']['input']): Exchanged {
  if (!exists(dirs.library)) throw noLibrary();
  try {
    const root = openTarget(dirs, dir);
    const lost = new Losses();
    const content = readLibrary(dirs.files, lost);
    const drafts =
      to === 'agents'
        ? [
            ...ownFiles(content, lost),
            ...skills(content, to, lost),
            ...agentsMd(root, content, lost),
          ]
        : [
            ...texts(content, to, lost),
            ...skills(content, to, lost),
            ...servers(content, to, lost),
          ];
    for (const [kind, count] of content.others) {
      const what = count === 1 ? `1 ${kind} file` : `${count} ${kind} files`;
      lost.add(what, `${PROGRAM[to]} has no place for ${count === 1 ? 'it' : 'them'}.`);
    }
    return { written: placeFiles(root, drafts, null, lost), lost: lost.lines() };
  } catch (error) {
    throw fromDisk(error);
  }
}

/** The folder, made where it is not there yet. Never one of the library's own: an export is no edit. */
function openTarget(dirs: LibraryDirs, dir: string): string {
  const stat = statOrNull(dir);
  if (stat === null) mkdirSync(dir, { recursive: true });
  else if (!stat.isDirectory() && !stat.isSymbolicLink()) throw exportPlace('it is not a folder');
  const root = realpathSync(dir);
  if (!statOrNull(root)?.isDirectory()) throw exportPlace('it is not a folder');
  for (const own of [dirs.files, dirs.library, dirs.trash, dirs.journal]) {
    if (statOrNull(own) !== null && isInside(realpathSync(own), root)) {
      throw exportPlace("it belongs to Carrel's own files");
    }
  }
  return root;
}

function isInside(outer: string, inner: string): boolean {
  const path = relative(outer, inner);
  return path === '' || (!path.startsWith('..') && !isAbsolute(path));
}

function texts(
  content: LibraryContent,
  to: Exclude<ExchangeFormat, 'agents'>,
  lost: Losses,
): Draft[] {
  return shapesOf(to).flatMap((shape) => {
    const names = new Names();
    return content.texts.flatMap((item): Draft[] => {
      const there = item.kind === shape.kind ? outward(item, shape, names, lost) : null;
      return there ? [{ path: there.path, bytes: () => Buffer.from(there.text, 'utf8') }] : [];
    });
  });
}

/** The agents format has no place of its own for agents and prompts: Carrel's files, as they are. */
function ownFiles(content: LibraryContent, lost: Losses): Draft[] {
  const hints = content.texts.filter(
    ({ parsed }) => parsed.route !== null || parsed.variables.length > 0,
  );
  for (const { path } of hints)
    lost.add(path, 'its route or variables have no effect in AGENTS.md.');
  return content.texts.map(({ path, text }) => ({
    path: `${AGENTS_FOLDER}/${path}`,
    bytes: () => Buffer.from(text, 'utf8'),
  }));
}

function skills(content: LibraryContent, to: ExchangeFormat, lost: Losses): Draft[] {
  return content.skills.flatMap(({ name, files }) => {
    warnOfSkill(name, files, PROGRAM[to], lost);
    return files.map(({ path, at }) => ({
      path: `${SKILLS[to]}/${name}/${path}`,
      bytes: () => readFileSync(at),
    }));
  });
}

/** A skill is carried over unchanged, so what the other program would do with it is at least said. */
function warnOfSkill(
  name: string,
  files: readonly { path: string; at: string }[],
  program: string,
  lost: Losses,
): void {
  const main = files.find(({ path }) => path === 'SKILL.md');
  const text = main ? decode(readFileSync(main.at)) : null;
  if (text === null) return;
  const front = new FrontText(text);
  const running = ['allowed-tools', 'hooks'].filter((key) => front.has(key));
  if (running.length > 0) {
    lost.add(`skills/${name}`, `look at ${quoted(running)} before use: ${program} may act on it.`);
  }
  if (/!`[^`\n]+`/.test(front.tail)) {
    lost.add(
      `skills/${name}`,
      `look at the commands in its text before use: ${program} may run them.`,
    );
  }
}

function servers(
  { mcp }: LibraryContent,
  to: Exclude<ExchangeFormat, 'agents'>,
  lost: Losses,
): Draft[] {
  if (mcp === null) return [];
  const found = readServers(mcp);
  if (found === null) {
    lost.add(MCP_FILE, 'left out: it is not a list of MCP servers.');
    return [];
  }
  const program = PROGRAM[to];
  const spelt = [...found].map(
    ([name, server]) =>
      [name, to === 'claude' ? server : toEnv(name, server, program, lost)] as const,
  );
  for (const [name] of found) {
    lost.add(`MCP server "${name}"`, `${program} decides by its own rules whether it runs.`);
  }
  const { path, style } = SERVERS[to];
  const text = writeServers(new Map(spelt), style);
  return found.size === 0 ? [] : [{ path, bytes: () => Buffer.from(text, 'utf8') }];
}

function agentsMd(root: string, content: LibraryContent, lost: Losses): Draft[] {
  if (content.mcp !== null) lost.add(MCP_FILE, 'the agents format has no place for MCP servers.');
  if (content.texts.length + content.skills.length === 0) return [];
  const path = 'AGENTS.md';
  const paths = new Map(content.texts.map((item) => [item.path, `${AGENTS_FOLDER}/${item.path}`]));
  const ours = section(content, paths);
  const at = join(root, path);
  const stat = statOrNull(at);
  if (stat === null) return [{ path, bytes: () => Buffer.from(ours, 'utf8') }];
  const bytes = stat.isFile() && stat.size <= MAX_FILE_BYTES ? readFileSync(at) : null;
  const text = bytes ? decode(bytes) : null;
  const whole = text === null ? null : withSection(text, ours);
  if (bytes === null || whole === null) {
    lost.add(path, 'not written: its section was changed by hand, or it is not text.');
    return [];
  }
  return [{ path, bytes: () => Buffer.from(whole, 'utf8'), replaces: bytes }];
}

function exportPlace(why: string): AppError {
  return new AppError('library/export-place', `Nothing can be exported there: ${why}.`, {
    remedy: 'Name a folder of a project, or one that does not exist yet.',
  });
}
