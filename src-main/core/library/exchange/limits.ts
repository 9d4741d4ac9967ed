import { MAX_FILE_BYTES } from '../limits.ts';

/** Bounds of an import or export: a folder that somebody names may be a whole disk. */

/** Files and folders that are looked at; a large repository with its build output has fewer. */
export const MAX_VISITED = 200_000;
/** Files that are taken over; twice what the largest collections of agents and skills hold. */
export const MAX_EXCHANGED = 10_000;
/** Bytes that are taken over: more does not belong into a history that everybody clones. */
export const MAX_EXCHANGED_BYTES = 25 * MAX_FILE_BYTES;
/** Folders inside each other below the folder that was named: a skill in a package of a monorepo is at 12. */
export const MAX_WALK_DEPTH = 24;
/** A file of JSON with servers, bytes: 50 servers with long arguments have 40,000. */
export const MAX_MCP_BYTES = 256 * 1024;
/** Lines of `lost`; more would only repeat. */
export const MAX_LOST = 500;
/** Characters of one line of `lost`. */
export const MAX_LOST_CHARS = 400;
