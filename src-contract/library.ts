import { z } from 'zod';
import { path, paths, secret, timestamp, url } from './common.ts';
import { command, nothing, query, stream } from './define.ts';
import { lazy } from './lazy.ts';
import {
  change,
  conflict,
  conflictDetail,
  fileDiff,
  item,
  itemDetail,
  itemKind,
  parsedItem,
  trashEntry,
  version,
} from './library-items.ts';
import { libraryEvent, libraryStatus, publishEvent } from './library-state.ts';
import { MAX_ITEM_CHARS, MAX_LIBRARY_MESSAGE_CHARS, MAX_NAME_CHARS } from './limits.ts';

export * from './library-items.ts';
export * from './library-state.ts';

/** A hash of git, whole: of a commit or of bytes. */
const gitHash = lazy(() =>
  z
    .string()
    .length(40)
    .regex(/^[0-9a-f]+$/),
);
const text = lazy(() => z.string().max(MAX_ITEM_CHARS));
const message = lazy(() => z.string().trim().min(1).max(MAX_LIBRARY_MESSAGE_CHARS));
const folderPath = lazy(() => path());

/** How a remote is entered. Secrets go to the vault and never come back. */
export const libraryAccess = lazy(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({
      kind: z.literal('password'),
      username: z.string().max(MAX_NAME_CHARS),
      password: secret(),
    }),
    /** Agent and the usual keys of this person first; else this file. */
    z.strictObject({
      kind: z.literal('ssh'),
      /** Path of a private key; null for the agent and the usual files. */
      keyFile: path().nullable(),
      /** Of the key file. Left out: the kept one stays; null: none is kept. */
      passphrase: secret().nullable().optional(),
      /** `system`: the ssh program of this machine with its own configuration. */
      program: z.enum(['built-in', 'system']),
    }),
  ]),
);
export type LibraryAccess = z.infer<ReturnType<typeof libraryAccess>>;

const written = lazy(() => z.object({ path: z.string(), oid: z.string() }));

export const libraryRoutes = {
  'library.status': query('State, version and counts of the library.', nothing, () =>
    libraryStatus(),
  ),
  'library.connect': stream(
    'Gives the workspace its library: a clone of `url` (https, ssh, file or a path), or the bundled starter library. Refused with `library/already-connected` where there is one.',
    () =>
      z.strictObject({
        source: z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('starter') }),
          z.strictObject({ kind: z.literal('remote'), url: url() }),
        ]),
      }),
    () => libraryEvent(),
  ),
  'library.setRemote': command(
    'Gives a library another remote, or one to a library that has none. Nothing is fetched or sent yet; a remote with another history is refused at the next update and changes nothing.',
    () => z.strictObject({ url: url() }),
    () => libraryStatus(),
  ),
  'library.check': stream(
    'Asks the remote for a newer version and fetches it without taking it: `status.available` tells what it changes. With `ifStale` (a window came to the front) the remote is asked only where the last answer is over a minute old, nothing runs, and `library.checkMinutes` is not 0; else the answer is what is known, never an error.',
    () => z.strictObject({ ifStale: z.boolean().default(false) }),
    () => libraryEvent(),
  ),
  'library.update': stream(
    'Takes the newest version of the team, merges what was edited here, and sends what is queued. `allowDeletions` is the version of a `held` state that may delete.',
    () => z.strictObject({ allowDeletions: gitHash().optional() }),
    () => libraryEvent(),
  ),
  'library.preview': query(
    'What `library.publish` would send, and what it would leave out and why.',
    nothing,
    () =>
      z.object({
        changes: z.array(
          change().extend({
            size: z.int(),
            /** Why it can't be published (a conflict, a name, its size); null where it can. */
            blocked: z.string().nullable(),
          }),
        ),
        /** Commits that wait already. */
        queued: z.array(version()),
      }),
  ),
  'library.publish': stream(
    'Commits what changed here (all of it, or `paths`) as one version and sends it; offline it is queued. The team’s newer version is merged first.',
    () =>
      z.strictObject({
        message: message(),
        paths: paths().optional(),
        allowDeletions: z.boolean().default(false),
      }),
    () => publishEvent(),
  ),
  'library.rollback': stream(
    'Makes a new version in which the library, or one path of it, is as in `version`, and sends it like `library.publish`.',
    () =>
      z.strictObject({
        version: gitHash(),
        path: path().optional(),
        allowDeletions: z.boolean().default(false),
      }),
    () => publishEvent(),
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
  'library.parse': query(
    'What a text would be as the item at `path`: for the preview while it is written.',
    () => z.strictObject({ path: path(), content: text() }),
    () => parsedItem(),
  ),
  'library.create': command(
    'Makes a new item from a name, with the least that its kind needs, and tells where.',
    () =>
      z.strictObject({
        kind: z.enum(['prompt', 'agent', 'skill', 'knowledge']),
        name: z.string().trim().min(1).max(MAX_NAME_CHARS),
        /** Documents: the collection. */
        collection: z.string().trim().min(1).max(MAX_NAME_CHARS).optional(),
      }),
    () => written(),
  ),
  'library.save': command(
    'Writes a file of the library. `expect` is the hash of the bytes that were edited (null: there was no file); others there now are `library/changed-meanwhile`, and nothing is written.',
    () =>
      z.strictObject({
        path: path(),
        content: text(),
        expect: gitHash().nullable(),
      }),
    () => written(),
  ),
  'library.rename': command(
    'Gives an item another place; a skill or template moves as a folder.',
    () => z.strictObject({ from: path(), to: path() }),
    () => written(),
  ),
  'library.remove': command(
    'Moves an item to the trash; a skill or template as a folder.',
    () => z.strictObject({ path: path() }),
    () => z.object({ trashed: z.array(trashEntry()) }),
  ),
  'library.discard': command(
    'Takes an item back to the version that is here; what was edited goes to the trash.',
    () => z.strictObject({ path: path() }),
    () => z.object({ trashed: z.array(trashEntry()) }),
  ),
  'library.trash': query('What was taken out of the library, newest first.', nothing, () =>
    z.object({ entries: z.array(trashEntry()) }),
  ),
  'library.restore': command(
    'Puts something from the trash back, under another name where its place is taken.',
    () => z.strictObject({ id: path() }),
    () => written(),
  ),
  'library.log': query(
    'Versions, newest first; with `path` those that changed it.',
    () =>
      z.strictObject({
        limit: z.int().min(1).max(500).default(50),
        path: path().optional(),
      }),
    () => z.object({ versions: z.array(version()) }),
  ),
  'library.show': query(
    'One version and what it changed.',
    () => z.strictObject({ version: gitHash() }),
    () => z.object({ version: version(), changed: z.array(change()) }),
  ),
  'library.at': query(
    'One file as it was in a version. `source` is null where it is binary.',
    () => z.strictObject({ version: gitHash(), path: path() }),
    () => parsedItem().extend({ source: z.string().nullable(), size: z.int() }),
  ),
  'library.diff': query(
    'How one file here differs from the version it was edited from, or from version `from`; with `to` that version, against `from` or the one before it.',
    () =>
      z.strictObject({
        path: path(),
        from: gitHash().optional(),
        to: gitHash().optional(),
      }),
    () => fileDiff(),
  ),
  'library.conflicts': query('Items changed here and by the team.', nothing, () =>
    z.object({ conflicts: z.array(conflict()) }),
  ),
  'library.conflict': query(
    'One conflict with its texts.',
    () => z.strictObject({ path: path() }),
    () => conflictDetail(),
  ),
  'library.resolve': command(
    'Ends a conflict: mine, theirs, or a text. What is not taken goes to the trash.',
    () =>
      z.strictObject({
        path: path(),
        take: z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('mine') }),
          z.strictObject({ kind: z.literal('theirs') }),
          z.strictObject({ kind: z.literal('text'), text: text() }),
        ]),
      }),
    () => libraryStatus(),
  ),
  'library.access': query(
    'How the remote `url` (without: the one of this library) is entered. Secrets are not told.',
    () => z.strictObject({ url: url().optional() }),
    () =>
      z.object({
        kind: z.enum(['none', 'password', 'ssh']),
        username: z.string().nullable(),
        keyFile: z.string().nullable(),
        program: z.enum(['built-in', 'system']),
        /** A password, token or passphrase is kept. */
        hasSecret: z.boolean(),
      }),
  ),
  'library.setAccess': command(
    'Keeps how a remote is entered, for its host; secrets go to the vault.',
    () => z.strictObject({ url: url(), access: libraryAccess() }),
    () => z.object({}),
  ),
  'library.trustHost': command(
    'Keeps the key of an SSH host after its fingerprint was compared: the `data` of `library/host-unknown`.',
    () =>
      z.strictObject({
        host: z
          .string()
          .min(1)
          .max(MAX_NAME_CHARS * 2),
        port: z.int().min(1).max(65_535),
        /** `SHA256:…` as ssh prints it. */
        fingerprint: z.string().min(1).max(MAX_NAME_CHARS),
      }),
    () => z.object({ trustedAt: timestamp() }),
  ),
  'library.export': command(
    'Writes the library for another program: agents, prompts, skills and MCP servers in its format. Existing files with other bytes are left alone and listed.',
    () =>
      z.strictObject({
        to: z.enum(['claude', 'vscode', 'cursor', 'agents']),
        dir: folderPath(),
      }),
    () => z.object({ written: z.array(z.string()), lost: z.array(z.string()) }),
  ),
  'library.import': command(
    'Brings agents, prompts, skills and MCP servers of other programs into the library as edits; what could run arrives disabled.',
    () => z.strictObject({ from: folderPath() }),
    () => z.object({ written: z.array(z.string()), lost: z.array(z.string()) }),
  ),
} as const;
