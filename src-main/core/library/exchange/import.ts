import { mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { AppError } from '../../../../src-contract/app-error.ts';
import { fromDisk, noLibrary } from '../errors.ts';
import { statOrNull } from '../files/record.ts';
import type { LibraryDirs } from '../git-jobs.ts';
import type { Exchanged, ItemJobs } from '../item-jobs.ts';
import { exists } from '../jobs/library-state.ts';
import { MAX_FILE_BYTES } from '../limits.ts';
import { foldedPath, pathProblem } from '../portable-path.ts';
import { MAX_EXCHANGED, MAX_EXCHANGED_BYTES, MAX_MCP_BYTES } from './limits.ts';
import { Losses } from './losses.ts';
import { addServers } from './import-servers.ts';
import { instructions, textDraft } from './import-texts.ts';
import { readServers, type Server } from './mcp-servers.ts';
import { placeFiles, standing, type Draft } from './place-files.ts';
import { decode } from './read-library.ts';
import { recognise, skillFoldersOf } from './recognise.ts';
import { byText, walk } from './walk.ts';

/**
 * Brings agents, prompts, skills and MCP servers of other programs into the library's files, as edits.
 * `from` is a folder or one file. Nothing that is there is replaced: where other bytes stand, the item
 * is left out and said in `lost`. Nothing is run; what could run is kept without effect.
 * Errors: `library/none`, `library/import-place`, `library/files-not-a-folder`, the disk.
 */
export function importLibrary({ dirs, from }: ItemJobs['import']['input']): Exchanged {
  if (!exists(dirs.library)) throw noLibrary();
  try {
    const lost = new Losses();
    const source = openSource(from, lost);
    mkdirSync(dirs.files, { recursive: true });
    if (!statOrNull(dirs.files)?.isDirectory()) throw linkedLibrary();
    const drafts = draftsOf(source, dirs, lost);
    if (drafts.length === 0 && lost.lines().length === 0) {
      lost.add(from, 'nothing there is a file of a program that Carrel knows.');
    }
    // Where single edits are staged: a sync, which may run beside, empties only its own places.
    const tmp = join(dirs.journal, 'library-edits');
    mkdirSync(tmp, { recursive: true, mode: 0o700 });
    return { written: placeFiles(dirs.files, drafts, tmp, lost), lost: lost.lines() };
  } catch (error) {
    throw fromDisk(error);
  }
}

/** Files to look at, by path below `root`; `root` holds what was named, so that its own name counts. */
interface Source {
  readonly root: string;
  readonly paths: readonly string[];
}

/** Folders of other programs: below them a path means something, so they are looked at with it. */
const PROGRAM_FOLDERS = new Set(['.agents', '.claude', '.cursor', '.github', '.vscode']);

function openSource(from: string, lost: Losses): Source {
  if (statOrNull(from) === null) throw importPlace('there is nothing at this place');
  const named = realpathSync(resolve(from));
  const stat = statOrNull(named);
  if (stat?.isDirectory() === true) return inParents(named, named, walk(named, lost));
  if (stat?.isFile() !== true) throw importPlace('it is neither a file nor a folder');
  const folder = dirname(named);
  // A skill is its whole folder.
  const isSkill = basename(named) === 'SKILL.md';
  return inParents(folder, folder, isSkill ? walk(folder, lost) : [basename(named)]);
}

/** Parents count: `.claude/agents` may be named itself, and is then still known for what it is. */
function inParents(folder: string, at: string, below: readonly string[]): Source {
  const parent = dirname(at);
  const names = folder.slice(dirname(at).length).split(sep);
  const known = folder.split(sep).some((name) => PROGRAM_FOLDERS.has(name));
  if (known && !names.some((name) => PROGRAM_FOLDERS.has(name)) && parent !== at) {
    return inParents(folder, parent, below);
  }
  const prefix = names.filter((name) => name !== '').join('/');
  return { root: parent, paths: below.map((path) => (prefix === '' ? path : `${prefix}/${path}`)) };
}

function draftsOf({ root, paths }: Source, dirs: LibraryDirs, lost: Losses): Draft[] {
  const skillFolders = skillFoldersOf(paths);
  const skills = new Map<string, string[]>();
  const servers = new Map<string, Server>();
  const drafts: Draft[] = [];
  let files = 0;
  let bytes = 0;
  for (const path of paths) {
    const what = recognise(path, skillFolders);
    if (what === null) continue;
    const at = join(root, path);
    const size = statOrNull(at)?.size ?? 0;
    const limit = what.kind === 'mcp' ? MAX_MCP_BYTES : MAX_FILE_BYTES;
    if (size > limit) {
      lost.add(path, `left out: it is larger than ${limit} bytes.`);
      continue;
    }
    files += 1;
    bytes += size;
    if (files > MAX_EXCHANGED || bytes > MAX_EXCHANGED_BYTES) {
      lost.add(path, 'this and what follows is left out: it is too much for a library.');
      break;
    }
    switch (what.kind) {
      case 'skill':
        skills.set(what.folder, [...(skills.get(what.folder) ?? []), path]);
        break;
      case 'mcp':
        collectServers(path, readFileSync(at), servers, lost);
        break;
      case 'agents-md':
        drafts.push(...instructions(path, readFileSync(at), lost));
        break;
      case 'agent':
      case 'prompt':
        drafts.push(...textDraft({ ...what, path }, readFileSync(at), lost));
    }
  }
  const names = new Map(walk(dirs.files, lost).map((path) => [foldedPath(path), path]));
  const single = drafts.filter((draft) => isFree(draft, names, lost));
  return [
    ...oneEach(single, lost),
    ...[...skills].flatMap(([folder, parts]) =>
      skillDrafts(root, folder, parts, dirs, names, lost),
    ),
    ...addServers(dirs.files, servers, lost),
  ];
}

/** On some system the library would hold the same name twice. */
function isFree(draft: Draft, names: ReadonlyMap<string, string>, lost: Losses): boolean {
  const there = names.get(foldedPath(draft.path));
  if (there === undefined || there === draft.path) return true;
  lost.add(draft.path, `not written: "${there}" is the same name on some systems.`);
  return false;
}

/** The same item of two programs comes once; another of the same name is said. */
function oneEach(drafts: readonly Draft[], lost: Losses): Draft[] {
  const kept = new Map<string, Draft>();
  for (const draft of drafts) {
    const first = kept.get(foldedPath(draft.path));
    if (!first) kept.set(foldedPath(draft.path), draft);
    else if (!Buffer.from(first.bytes()).equals(draft.bytes())) {
      lost.add(
        draft.path,
        'there are several of this name with other content; the first one is taken.',
      );
    }
  }
  return [...kept.values()];
}

/** A skill comes whole or not at all: parts of two versions would be neither. */
function skillDrafts(
  root: string,
  folder: string,
  parts: readonly string[],
  dirs: LibraryDirs,
  names: ReadonlyMap<string, string>,
  lost: Losses,
): Draft[] {
  const home = `skills/${basename(folder)}`;
  const drafts = parts.map((path) => ({
    path: `${home}/${path.slice(folder.length + 1)}`,
    bytes: () => readFileSync(join(root, path)),
  }));
  const sayings = new Losses();
  const problem = drafts.map((draft) => {
    const why =
      pathProblem(draft.path) ??
      (isFree(draft, names, sayings) ? standing(dirs.files, draft) : 'a name clashes');
    return why === null ? null : `${draft.path}: ${why}`;
  });
  const first = problem.find((why) => why !== null);
  if (first === undefined) return drafts;
  lost.add(home, `the whole skill is left out (${first ?? ''}).`);
  return [];
}

function collectServers(
  path: string,
  bytes: Buffer,
  into: Map<string, Server>,
  lost: Losses,
): void {
  const text = decode(bytes);
  const found = text === null ? null : readServers(text);
  if (found === null) {
    lost.add(path, 'left out: it is not a list of MCP servers.');
    return;
  }
  for (const [name, server] of [...found].toSorted(([a], [b]) => byText(a, b))) {
    if (!into.has(name)) into.set(name, server);
    else lost.add(path, `the MCP server "${name}" is in another file too; the first one is taken.`);
  }
}

function importPlace(why: string): AppError {
  return new AppError('library/import-place', `Nothing can be imported from there: ${why}.`, {
    remedy: 'Name a folder of a project, or one of its files.',
  });
}

function linkedLibrary(): AppError {
  return new AppError('library/files-not-a-folder', 'The folder of the library is a link.', {
    remedy: 'Move it away: Carrel never writes through a link.',
  });
}
