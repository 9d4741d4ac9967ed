import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { App } from '../../helpers/browser-app.ts';
import { TeamRepo } from '../../helpers/git-repo.ts';

const starter = resolve(import.meta.dirname, '..', '..', '..', 'assets', 'starter-library');

/** The item of the library that the person edited and the team changed too. */
export const EDITED = 'prompts/code/review-a-change.prompt.md';
/** Edited here and changed by the team in other lines: merged. */
export const MERGED = 'prompts/writing/shorten.prompt.md';
/** Not a text, changed on both sides. */
export const PICTURE = 'assets/sign.png';
/** Edited here only. */
export const OWN = 'prompts/meetings/minutes.prompt.md';

export function filesOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')];
      }),
  );
}

/** A team that begins with the starter library. */
export function startTeam(root: string): TeamRepo {
  const team = new TeamRepo(root);
  team.commit(
    {
      ...filesOf(starter),
      'carrel.yaml': 'format: 1\nname: Platform team\n',
      [PICTURE]: picture(1, 3_000),
    },
    'Start',
  );
  return team;
}

/** What the person changes in the folder of the library, with another program. */
export function editHere(app: App): void {
  const change = (path: string, edit: (text: string) => string): void =>
    writeFileSync(app.libraryFile(path), edit(readFileSync(app.libraryFile(path), 'utf8')));
  change(EDITED, (text) =>
    text
      .replace('Sort by severity.', 'Sort by severity, blockers first, and number them.')
      .replace('5. Which test would fail', '5. Which one test, by its name, would fail'),
  );
  change(MERGED, (text) => `${text}\nKeep every number as it is.\n`);
  change(OWN, (text) => `${text}\nEnd with who does what until when.\n`);
  writeFileSync(app.libraryFile(PICTURE), picture(2, 3_400));
}

/** What the team publishes meanwhile. */
export function changeThere(team: TeamRepo): void {
  const edited = filesOf(starter);
  team.commit(
    {
      [EDITED]: (edited[EDITED] ?? '')
        .replace('Sort by severity.', 'Sort by severity, at most ten findings.')
        .replace('5. Which test would fail', '5. Which tests of the suite would fail'),
      [MERGED]: (edited[MERGED] ?? '').replace('description: ', 'description: For the team. '),
      [PICTURE]: picture(3, 2_800),
      'prompts/code/name-things.prompt.md':
        '---\nname: Name things\ndescription: Three names and why\n---\n\nName {{thing}}.\n',
      'knowledge/carrel-guide/06-offline-use.md': '# Offline use\n\nEverything but providers.\n',
    },
    'Shorter review, names, offline use\n\nAs agreed in the review of the month.',
  );
}

function picture(kind: number, size: number): Buffer {
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, kind]), Buffer.alloc(size, kind)]);
}
