import { z } from 'zod';
import { errorShape, timestamp } from './common.ts';
import { change, version } from './library-items.ts';
import { lazy } from './lazy.ts';
import { WORK_PHASES } from './library-phases.ts';

// Without schemas, so that screens may run them.
export { isWorking, WORK_PHASES, type WorkPhase } from './library-phases.ts';

const quarantinedVersion = lazy(() => z.object({ version: z.string(), reason: z.string() }));

/** A step of work. `done` and `total` count bytes while fetching and publishing, objects while verifying, files otherwise. */
const working = <K extends string>(kind: K) =>
  z.object({ kind: z.literal(kind), done: z.int(), total: z.int().nullable() });

/**
 * What the library is doing or waiting for. One at a time: work before trouble, trouble before what
 * waits for a person, that before rest.
 */
export const libraryState = lazy(() =>
  z.discriminatedUnion('kind', [
    /** There is no library. */
    z.object({ kind: z.literal('none') }),
    z.object({ kind: z.literal('idle') }),
    working('checking'),
    working('fetching'),
    working('verifying'),
    working('merging'),
    working('writing'),
    working('publishing'),
    /** The remote could not be reached; all else works. */
    z.object({ kind: z.literal('offline'), error: errorShape() }),
    z.object({ kind: z.literal('failed'), error: errorShape() }),
    /** A change that deletes much waits for a yes: of the team (`update`) or of this person (`publish`). */
    z.object({
      kind: z.literal('held'),
      direction: z.enum(['update', 'publish']),
      version: z.string(),
      deletions: z.int(),
      files: z.int(),
    }),
    z.object({ kind: z.literal('conflict'), items: z.int() }),
    /** Versions at the remote that are not accepted; the one before them stays. */
    z.object({ kind: z.literal('quarantined'), versions: z.array(quarantinedVersion()) }),
  ]),
);
export type LibraryState = z.infer<ReturnType<typeof libraryState>>;

/** A version of the team that was fetched and verified, and is not taken yet. */
export const availableUpdate = lazy(() =>
  z.object({ version: z.string(), changed: z.array(change()), versions: z.array(version()) }),
);
export type AvailableUpdate = z.infer<ReturnType<typeof availableUpdate>>;

export const libraryStatus = lazy(() =>
  z.object({
    state: libraryState(),
    name: z.string(),
    /** Remote without credentials; null for a library without one. */
    url: z.string().nullable(),
    /** Commit id of what is materialised; null without a library. */
    version: z.string().nullable(),
    items: z.int(),
    /** Items changed here and not published: edited, added, deleted. */
    edited: z.int(),
    /** Items that wait for a decision. */
    conflicts: z.int(),
    /** Commits made here that the remote does not have yet. */
    queued: z.int(),
    /** Paths of the team's version that are not written here. */
    quarantined: z.int(),
    available: availableUpdate().nullable(),
    /** Signature checks come with the verified library; until then every library is `unverified`. */
    trust: z.enum(['unverified']),
    checkedAt: timestamp().nullable(),
    /** When the remote is asked by itself the next time; null where it is not. */
    nextCheckAt: timestamp().nullable(),
  }),
);
export type LibraryStatus = z.infer<ReturnType<typeof libraryStatus>>;

export const updateSummary = lazy(() =>
  z.object({
    /** `held`: the update deletes much and was not taken; see the state of the library. */
    state: z.enum(['updated', 'unchanged', 'kept-local-edits', 'conflict', 'held']),
    version: z.string(),
    changed: z.array(change()),
    /** Files where the team's change was merged into what was edited here; the text before is in the trash. */
    merged: z.array(z.string()),
    /** Files that wait for a decision: left as they are here. */
    conflicts: z.array(z.string()),
  }),
);
export type UpdateSummary = z.infer<ReturnType<typeof updateSummary>>;

export const publishSummary = lazy(() =>
  z.object({
    /** `queued`: committed here; goes out when the remote can be reached. `held`: deletes much, asks first. */
    state: z.enum(['published', 'queued', 'held', 'nothing']),
    version: z.string(),
    /** What the new version changed. */
    published: z.array(change()),
    /** Why it waits, where it is queued. */
    waitsFor: errorShape().nullable(),
    /** What came from the team on the way. */
    update: updateSummary(),
  }),
);
export type PublishSummary = z.infer<ReturnType<typeof publishSummary>>;

const progress = lazy(() =>
  z.object({
    type: z.literal('progress'),
    phase: z.enum(WORK_PHASES),
    done: z.int(),
    total: z.int().nullable(),
  }),
);

export const libraryEvent = lazy(() =>
  z.discriminatedUnion('type', [
    progress(),
    z.object({
      type: z.literal('done'),
      status: libraryStatus(),
      summary: updateSummary().nullable(),
    }),
  ]),
);
export type LibraryEvent = z.infer<ReturnType<typeof libraryEvent>>;

export const publishEvent = lazy(() =>
  z.discriminatedUnion('type', [
    progress(),
    z.object({ type: z.literal('done'), status: libraryStatus(), summary: publishSummary() }),
  ]),
);
export type PublishEvent = z.infer<ReturnType<typeof publishEvent>>;
