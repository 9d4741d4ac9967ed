import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LibraryDirs } from '../../../src-main/core/library/git-jobs.ts';
import { blobOid } from '../../../src-main/core/library/git/objects.ts';
import {
  statOrNull,
  written,
  writeRecord,
  type FileRecord,
  type WrittenFile,
} from '../../../src-main/core/library/files/record.ts';
import type { HeadCache } from '../../../src-main/core/library/items/list-items.ts';
import { noteState } from '../../../src-main/core/library/jobs/library-state.ts';
import { filesBelow, libraryDirs } from '../../helpers/git-library.ts';
import { git, TeamRepo, tempDir } from '../../helpers/git-repo.ts';

export type Files = Readonly<Record<string, string | Buffer | null>>;

/** A library as a finished sync leaves it, made by native git and the record alone: the jobs of items need no more. */
export interface ShelfRig {
  readonly dirs: LibraryDirs;
  readonly team: TeamRepo;
  readonly heads: HeadCache;
  /** Commits in the team's repository and takes it as the version that is here, files and all. */
  take(files: Files, message?: string): string;
  /** Writes and records files as if they were a version, without git: for many. */
  lay(files: Readonly<Record<string, string>>): void;
  /** Writes as an editor would, past Carrel. */
  put(path: string, content: string | Buffer): void;
  read(path: string): Buffer;
  has(path: string): boolean;
  list(): string[];
  /** Changes what the record or the note of the remote says. */
  record(change: Partial<FileRecord>): void;
  note(fields: Record<string, unknown>): void;
  close(): void;
}

export function shelfRig(): ShelfRig {
  const temp = tempDir();
  const team = new TeamRepo(temp.path);
  const dirs = libraryDirs(join(temp.path, 'workspace'));
  git(temp.path, 'init', '-q', '--bare', dirs.library);
  let current: FileRecord | null = null;

  function take(files: Files, message = 'Change'): string {
    const commit = team.commit(files, message);
    git(dirs.library, 'fetch', '-q', team.bare, '+HEAD:refs/app/trusted');
    const listed = git(dirs.library, 'ls-tree', '-r', '--name-only', '-z', commit)
      .split('\0')
      .filter((path) => path !== '');
    for (const path of current?.files.keys() ?? []) {
      if (!listed.includes(path)) rmSync(join(dirs.files, path), { force: true });
    }
    const entries = listed.map((path) => place(path, readFileSync(join(team.work, path))));
    record({ commit, trusted: commit, files: new Map(entries) });
    return commit;
  }

  function place(path: string, bytes: Buffer): readonly [string, WrittenFile] {
    const at = join(dirs.files, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, bytes);
    const stat = statOrNull(at);
    if (!stat) throw new Error(path);
    return [path, written(blobOid(bytes), stat)];
  }

  function record(change: Partial<FileRecord>): void {
    const base: FileRecord = current ?? {
      format: 2,
      commit: '',
      trusted: '',
      files: new Map(),
      pending: new Map(),
      queued: { versions: 0, paths: [] },
      refused: [],
    };
    current = { ...base, ...change };
    writeRecord(dirs.library, current);
  }

  return {
    dirs,
    team,
    heads: new Map(),
    take,
    record,
    lay: (files) =>
      record({
        files: new Map(Object.entries(files).map(([path, text]) => place(path, Buffer.from(text)))),
      }),
    put(path, content) {
      const at = join(dirs.files, path);
      mkdirSync(dirname(at), { recursive: true });
      writeFileSync(at, content);
    },
    read: (path) => readFileSync(join(dirs.files, path)),
    has: (path) => statOrNull(join(dirs.files, path)) !== null,
    list: () => filesBelow(dirs.files),
    note: (fields) =>
      noteState(dirs.library, {
        url: team.bare,
        branch: 'main',
        checkedAt: null,
        ...fields,
      }),
    close: temp.remove,
  };
}
