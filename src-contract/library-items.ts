import { z } from 'zod';
import { timestamp } from './common.ts';
import { lazy } from './lazy.ts';

export const itemKind = lazy(() =>
  z.enum(['prompt', 'agent', 'skill', 'knowledge', 'template', 'policy', 'other']),
);
export type ItemKind = z.infer<ReturnType<typeof itemKind>>;

/**
 * How an item stands to the team's version. `clean`: the same. `edited`, `added`, `deleted`: changed
 * here, not published. `queued`: published here, not yet at the remote. `conflict`: changed here and
 * by the team, waits for a person. `quarantined`: in the team's version, but never written here.
 */
export const itemState = lazy(() =>
  z.enum(['clean', 'edited', 'added', 'deleted', 'queued', 'conflict', 'quarantined']),
);
export type ItemState = z.infer<ReturnType<typeof itemState>>;

/** One prompt, agent, skill, template or document. */
export const item = lazy(() =>
  z.object({
    path: z.string(),
    kind: itemKind(),
    name: z.string(),
    description: z.string(),
    state: itemState(),
    /** A version that was fetched and not yet taken changes it. */
    update: z.boolean(),
    /** What is wrong with its front matter, in words; empty when nothing is. */
    problems: z.array(z.string()),
  }),
);
export type Item = z.infer<ReturnType<typeof item>>;

/** A typed variable of a prompt. */
export const variable = lazy(() =>
  z.object({
    name: z.string(),
    type: z.enum(['text', 'long-text', 'number', 'choice', 'boolean']),
    label: z.string(),
    required: z.boolean(),
    default: z.union([z.string(), z.number(), z.boolean()]).nullable(),
    choices: z.array(z.string()),
  }),
);
export type Variable = z.infer<ReturnType<typeof variable>>;

/** What an item's bytes say, whatever its state: also for text that is not saved yet. */
export const parsedItem = lazy(() =>
  z.object({
    name: z.string(),
    description: z.string(),
    problems: z.array(z.string()),
    /** Body without front matter. */
    body: z.string(),
    variables: z.array(variable()),
    /** Agents: names of collections, tools and opening questions; empty otherwise. */
    collections: z.array(z.string()),
    tools: z.array(z.string()),
    starters: z.array(z.string()),
    /** Agents: the route they ask for. */
    route: z.string().nullable(),
  }),
);
export type ParsedItem = z.infer<ReturnType<typeof parsedItem>>;

export const itemDetail = lazy(() =>
  item().extend({
    ...parsedItem().shape,
    /** The whole file as text, front matter included; null where it is binary, too large or not here. */
    source: z.string().nullable(),
    /** Git's hash of its bytes here; null where the file is gone. What `library.save` expects. */
    oid: z.string().nullable(),
    /** Bytes; 0 where the file is gone. */
    size: z.int(),
    /** The other files of an item that is a folder (a skill, a template), by path. */
    parts: z.array(z.object({ path: z.string(), state: itemState() })),
  }),
);
export type ItemDetail = z.infer<ReturnType<typeof itemDetail>>;

export const change = lazy(() =>
  z.object({
    path: z.string(),
    change: z.enum(['added', 'modified', 'deleted']),
  }),
);
export type Change = z.infer<ReturnType<typeof change>>;

/** One commit of the library. */
export const version = lazy(() =>
  z.object({
    version: z.string(),
    /** First line. */
    message: z.string(),
    author: z.string(),
    at: timestamp(),
    /** `queued`: made here, not yet at the remote. */
    state: z.enum(['published', 'queued']),
  }),
);
export type Version = z.infer<ReturnType<typeof version>>;

/** One part of a text that changed, with a few lines around it. Lines are 1-based. */
export const hunk = lazy(() =>
  z.object({
    oldStart: z.int(),
    newStart: z.int(),
    lines: z.array(
      z.object({
        op: z.enum(['same', 'removed', 'added']),
        /** Without its line end. */
        text: z.string(),
      }),
    ),
  }),
);
export type Hunk = z.infer<ReturnType<typeof hunk>>;

/** How one file differs between two places. */
export const fileDiff = lazy(() =>
  z.object({
    path: z.string(),
    change: z.enum(['same', 'added', 'modified', 'deleted']),
    /** `binary` and `too-large` have no hunks. */
    kind: z.enum(['text', 'binary', 'too-large']),
    hunks: z.array(hunk()),
    /** Line ends alone differ: hunks show the same text on both sides. */
    lineEnds: z.boolean(),
    oldSize: z.int(),
    newSize: z.int(),
  }),
);
export type FileDiff = z.infer<ReturnType<typeof fileDiff>>;

/** An item that was changed here and by the team. Sides are null where that side deleted it, or has no such file. */
export const conflict = lazy(() =>
  z.object({
    path: z.string(),
    /** `text`: lines overlap. `binary`: can't be merged. `deleted-here`, `deleted-there`: one side has none. `folder`: a file on one side, a folder on the other. */
    kind: z.enum(['text', 'binary', 'deleted-here', 'deleted-there', 'folder']),
    mine: z.object({ oid: z.string(), size: z.int() }).nullable(),
    theirs: z.object({ oid: z.string(), size: z.int() }).nullable(),
  }),
);
export type Conflict = z.infer<ReturnType<typeof conflict>>;

/** A run of lines of a merge, with their line ends: the same on both sides, or one text per side. */
export const mergeChunk = lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('merged'), text: z.string() }),
    z.object({
      kind: z.literal('conflict'),
      base: z.string(),
      mine: z.string(),
      theirs: z.string(),
    }),
  ]),
);
export type MergeChunk = z.infer<ReturnType<typeof mergeChunk>>;

export const conflictDetail = lazy(() =>
  conflict().extend({
    /** Whole texts; null where that side is not text or has no such file. */
    baseText: z.string().nullable(),
    mineText: z.string().nullable(),
    theirsText: z.string().nullable(),
    /** Text conflicts: the merge piece by piece, in order; empty otherwise. */
    chunks: z.array(mergeChunk()),
  }),
);
export type ConflictDetail = z.infer<ReturnType<typeof conflictDetail>>;

/** Bytes that an operation took out of the library's folder; each can be put back. */
export const trashEntry = lazy(() =>
  z.object({
    id: z.string(),
    path: z.string(),
    at: timestamp(),
    why: z.enum(['removed', 'discarded', 'team-deleted', 'merged', 'resolved', 'replaced']),
    size: z.int(),
  }),
);
export type TrashEntry = z.infer<ReturnType<typeof trashEntry>>;
