import { AppError } from '../../../../../../src-contract/app-error.ts';
import { FLUSH, packetLine } from '../transport.ts';
import { Objects } from './objects.ts';
import { banded, readLines } from './packet-lines.ts';
import { moveRef, NO_OID, readRefs } from './refs.ts';
import { storePack } from './store-pack.ts';
import { Walk } from './walk.ts';

/** A branch as git allows it in a path, without what another system reads otherwise. */
const BRANCH =
  /^refs\/heads\/(?!.*(?:\.\.|\/\/|\/\.|\.lock(?:\/|$)))[\p{L}\p{N}_][\p{L}\p{N}_./+-]{0,199}(?<![./])$/u;

interface Command {
  readonly before: string;
  readonly after: string;
  readonly ref: string;
}

/**
 * Answers one push (gitprotocol-pack): stores the objects, checks that the new version is whole and
 * descends from the old one, then moves the branch. One branch, no deletion, no other ref. What is
 * refused changes nothing but adds objects that nothing names, as with git.
 *
 * Errors: `library/bad-pack` (a request that isn't one). A refusal is an answer, not an error.
 */
export async function receive(
  gitdir: string,
  checkedOut: string | null,
  request: Buffer,
  signal: AbortSignal,
): Promise<Buffer> {
  const { lines, rest } = readLines(request, true);
  const [first = '', abilities = ''] = (lines[0] ?? '').split('\0');
  const [, before, after, ref] = /^([0-9a-f]{40}) ([0-9a-f]{40}) (.+)$/.exec(first) ?? [];
  const report: Buffer[] = [];
  if (before !== undefined && after !== undefined && ref !== undefined) {
    const isOne = lines.length === 2;
    const command = { before, after, ref };
    const outcome = isOne
      ? await take(gitdir, checkedOut, command, rest, signal)
      : { unpacked: null, refused: 'one branch at a time' };
    report.push(packetLine(`unpack ${outcome.unpacked ?? 'ok'}\n`));
    report.push(
      packetLine(outcome.refused === null ? `ok ${ref}\n` : `ng ${ref} ${outcome.refused}\n`),
    );
  } else {
    report.push(packetLine('unpack no command\n'));
  }
  const answer = Buffer.concat([...report, FLUSH]);
  return banded(answer, abilities.trim().split(' ').includes('side-band-64k'));
}

interface Outcome {
  /** Null, or why the objects were not stored. */
  readonly unpacked: string | null;
  /** Null, or why the branch was not moved. */
  readonly refused: string | null;
}

async function take(
  gitdir: string,
  checkedOut: string | null,
  { before, after, ref }: Command,
  pack: Buffer,
  signal: AbortSignal,
): Promise<Outcome> {
  if (!BRANCH.test(ref)) return { unpacked: null, refused: 'not a branch' };
  if (after === NO_OID) return { unpacked: null, refused: 'deletion prohibited' };
  if (ref === checkedOut) return { unpacked: null, refused: 'branch is currently checked out' };
  if ((readRefs(gitdir).byName.get(ref) ?? NO_OID) !== before) {
    return { unpacked: null, refused: 'fetch first' };
  }
  const objects = new Objects(gitdir);
  try {
    await storePack(gitdir, objects, pack, signal);
    objects.forget();
    const walk = new Walk(objects, signal);
    if (before !== NO_OID && !(await walk.ancestors([after])).has(before)) {
      return { unpacked: null, refused: 'non-fast-forward' };
    }
    const known = [...readRefs(gitdir).byName.values()];
    for await (const object of walk.lacking([after], known)) signalled(object.oid, signal);
    if (objects.read(after).type !== 'commit') return { unpacked: null, refused: 'not a commit' };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { unpacked: error.message, refused: 'unpacker error' };
  } finally {
    objects.close();
  }
  return { unpacked: null, refused: moveRef(gitdir, ref, before, after) };
}

/** Reading an object is the check; between two a cancel is heard. */
function signalled(_oid: string, signal: AbortSignal): void {
  signal.throwIfAborted();
}
