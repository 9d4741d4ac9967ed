import { z } from 'zod';
import { errorShape, path, timestamp, url } from './common.ts';
import { nothing, query, stream } from './define.ts';
import { lazy } from './lazy.ts';

export const itemKind = lazy(() =>
  z.enum(['prompt', 'agent', 'skill', 'knowledge', 'template', 'policy', 'other']),
);
export type ItemKind = z.infer<ReturnType<typeof itemKind>>;

/** One prompt, agent, skill, template or document. */
export const item = lazy(() =>
  z.object({
    path: z.string(),
    kind: itemKind(),
    name: z.string(),
    description: z.string(),
    /** `edited`: its bytes differ from the team's version. `deleted`: the file is gone here. */
    state: z.enum(['clean', 'edited', 'deleted']),
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

export const itemDetail = lazy(() =>
  item().extend({
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
export type ItemDetail = z.infer<ReturnType<typeof itemDetail>>;

export const change = lazy(() =>
  z.object({
    path: z.string(),
    change: z.enum(['added', 'modified', 'deleted']),
  }),
);
export type Change = z.infer<ReturnType<typeof change>>;

export const libraryState = lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('none') }),
    z.object({ kind: z.literal('idle') }),
    z.object({
      kind: z.literal('working'),
      phase: z.enum(['checking', 'fetching', 'verifying', 'writing']),
      done: z.int(),
      total: z.int().nullable(),
    }),
    z.object({ kind: z.literal('failed'), error: errorShape() }),
  ]),
);
export type LibraryState = z.infer<ReturnType<typeof libraryState>>;

export const libraryStatus = lazy(() =>
  z.object({
    state: libraryState(),
    name: z.string(),
    /** Remote without credentials; null for the starter library, which has none. */
    url: z.string().nullable(),
    /** Commit id of what is materialised; null without a library. */
    version: z.string().nullable(),
    items: z.int(),
    edited: z.int(),
    /** Signature checks come with the verified library; until then every library is `unverified`. */
    trust: z.enum(['unverified']),
    checkedAt: timestamp().nullable(),
  }),
);
export type LibraryStatus = z.infer<ReturnType<typeof libraryStatus>>;

export const updateSummary = lazy(() =>
  z.object({
    state: z.enum(['updated', 'unchanged', 'kept-local-edits']),
    version: z.string(),
    changed: z.array(change()),
    /** Files that the update would have changed and that were edited here: left as they are. */
    kept: z.array(z.string()),
  }),
);
export type UpdateSummary = z.infer<ReturnType<typeof updateSummary>>;

export const libraryEvent = lazy(() =>
  z.discriminatedUnion('type', [
    z.object({
      type: z.literal('progress'),
      phase: z.enum(['checking', 'fetching', 'verifying', 'writing']),
      done: z.int(),
      total: z.int().nullable(),
    }),
    z.object({
      type: z.literal('done'),
      status: libraryStatus(),
      summary: updateSummary().nullable(),
    }),
  ]),
);
export type LibraryEvent = z.infer<ReturnType<typeof libraryEvent>>;

export const libraryRoutes = {
  'library.status': query('State, version and counts of the library.', nothing, () =>
    libraryStatus(),
  ),
  'library.connect': stream(
    'Gives the workspace its library: a clone of `url` (https, file or a path), or the bundled starter library. Refused with `library/already-connected` where there is one.',
    () =>
      z.strictObject({
        source: z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('starter') }),
          z.strictObject({ kind: z.literal('remote'), url: url() }),
        ]),
      }),
    () => libraryEvent(),
  ),
  'library.update': stream(
    'Fetches, and fast-forwards to the remote where nothing stands in the way. A locally edited file is never touched.',
    nothing,
    () => libraryEvent(),
  ),
  'library.items': query(
    'Items by path.',
    () => z.strictObject({ kind: itemKind().optional() }),
    () => z.object({ items: z.array(item()) }),
  ),
  'library.item': query(
    'One item, parsed.',
    () => z.strictObject({ path: path() }),
    () => itemDetail(),
  ),
  'library.log': query(
    'Versions, newest first.',
    () => z.strictObject({ limit: z.int().min(1).max(500).default(50) }),
    () =>
      z.object({
        versions: z.array(
          z.object({
            version: z.string(),
            message: z.string(),
            author: z.string(),
            at: timestamp(),
          }),
        ),
      }),
  ),
} as const;
