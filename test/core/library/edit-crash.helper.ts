import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { filesBelow } from '../../helpers/git-library.ts';
import { shelfRig, type ShelfRig } from './edit-rig.helper.ts';

const FILES = 12;
/** Long enough for a write to be caught in the middle. */
const FILL = 'x'.repeat(50_000);

export function bodyOf(id: string, generation: number): string {
  return `id=${id} generation=${generation}\n${FILL}\nend=${id}\n`;
}

export function idOf(text: string): string {
  return /^id=(\S+)/m.exec(text)?.[1] ?? 'none';
}

/** Kills (SIGKILL) a process that edits, again and again; after each all files are whole and all there. Returns what it counted. */
export async function killEditors(
  kills: number,
): Promise<{ kills: number; steps: number; files: number }> {
  const rig = shelfRig();
  let steps = 0;
  let files = 0;
  try {
    const ids = fill(rig);
    for (let round = 0; round < kills; round += 1) {
      steps += await killOne(rig, round + 1, 1 + ((round * 7) % 11));
      files += checkAll(rig, ids);
    }
    return { kills, steps, files };
  } finally {
    rig.close();
  }
}

function fill(rig: ShelfRig): readonly string[] {
  const files: Record<string, string> = {};
  for (let n = 0; n < FILES; n += 1) {
    files[`prompts/0/p${n}.prompt.md`] = `---\nname: P ${n}\n---\n${bodyOf(`p${n}`, 0)}`;
  }
  for (const n of [1, 2]) {
    files[`skills/k${n}/SKILL.md`] = `---\nname: k${n}\n---\n${bodyOf(`k${n}`, 0)}`;
    files[`skills/k${n}/ref/a.md`] = bodyOf(`k${n}a`, 0);
  }
  rig.take(files);
  return Object.values(files).map(idOf);
}

async function killOne(rig: ShelfRig, seed: number, after: number): Promise<number> {
  const child = fork(
    join(import.meta.dirname, 'edit-crash.child.helper.ts'),
    [JSON.stringify(rig.dirs), String(seed)],
    { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
  );
  let steps = 0;
  let complaint = '';
  child.stderr?.on('data', (data) => (complaint += String(data)));
  child.on('message', () => {
    steps += 1;
    if (steps >= after) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal, complaint).toBe('SIGKILL');
  return steps;
}

/** Every file that ever was is in the library or its trash; every file that is there is whole. */
function checkAll(rig: ShelfRig, ids: readonly string[]): number {
  const trashed = filesBelow(rig.dirs.trash).filter((path) => !/trash\.json$|\.tmp$/.test(path));
  const texts = [
    ...rig.list().map((path) => join(rig.dirs.files, path)),
    ...trashed.map((path) => join(rig.dirs.trash, path)),
  ].map((at) => ({ at, text: readFileSync(at, 'utf8') }));
  for (const { at, text } of texts) {
    expect(text.endsWith(`\n${FILL}\nend=${idOf(text)}\n`), at).toBe(true);
    expect(statSync(at).isFile()).toBe(true);
  }
  expect([...new Set(texts.map(({ text }) => idOf(text)))].toSorted()).toEqual(ids.toSorted());
  return texts.length;
}
