import { AppError } from '../../../../src-contract/app-error.ts';
import { MAX_YAML_CHARS } from '../limits.ts';
import { walkNewPart } from '../git/connectivity.ts';
import { isFile } from '../git/modes.ts';
import type { ObjectStore, Oid } from '../git/object-store.ts';
import { treeFilesAfter, type KnownVersion } from '../git/tree-files.ts';
import type { TrustPolicy } from '../git/verify.ts';
import { parseFields } from '../items/front-matter.ts';
import type { Quarantined } from '../sync-jobs.ts';
import type { Report } from './reporter.ts';

/** Newest format of a library that this Carrel understands; see "Library format" in the docs. */
const KNOWN_FORMAT = 1;

export interface Accepted {
  /** What may become the trusted version. */
  readonly version: Oid;
  /** The new part of history, the newest first, without what is not accepted. */
  readonly commits: readonly Oid[];
  readonly quarantined: readonly Quarantined[];
}

/**
 * Looks at a fetched, untrusted tip: all of it is there, the policy accepts it, its format is known,
 * it can be listed. Changes nothing. `known`: a version whose files are known, to save reading.
 *
 * Errors: `library/incomplete`, `library/diverged`, `library/bad-pack`, `library/too-large`,
 * `library/format-too-new`.
 */
export async function accept(
  store: ObjectStore,
  tip: Oid,
  trusted: Oid | null,
  known: KnownVersion | null,
  policy: TrustPolicy,
  report: Report,
): Promise<Accepted> {
  report('verifying', 0, null);
  const { commits } = await walkNewPart(store, tip, trusted, (count) =>
    report('verifying', count, null),
  );
  const { accepted, quarantined } = await policy({ store, tip, trusted, commits });
  const refused = new Set(quarantined.map(({ version }) => version));
  const fresh = commits.filter((oid) => !refused.has(oid));
  if (accepted === trusted) return { version: accepted, commits: [], quarantined };
  await checkFormat(store, accepted);
  await treeFilesAfter(store, accepted, known, new Set());
  return { version: accepted, commits: fresh, quarantined };
}

/** A library without `carrel.yaml`, or with a broken one, is read as format 1: it says so among its items. */
async function checkFormat(store: ObjectStore, commit: Oid): Promise<void> {
  const root = await store.tree((await store.commit(commit)).tree);
  const about = root.find(({ name, mode }) => name === 'carrel.yaml' && isFile(mode));
  if (!about) return;
  const text = (await store.blob(about.oid)).toString('utf8', 0, MAX_YAML_CHARS);
  const { fields } = parseFields(text);
  const format = Object.hasOwn(fields, 'format') ? fields['format'] : KNOWN_FORMAT;
  if (typeof format !== 'number' || format <= KNOWN_FORMAT) return;
  throw new AppError(
    'library/format-too-new',
    `This library has format ${format}; this Carrel knows formats up to ${KNOWN_FORMAT}.`,
    {
      remedy: 'Install a newer Carrel. Nothing was changed.',
      data: { format, known: KNOWN_FORMAT },
    },
  );
}
