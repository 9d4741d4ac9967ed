/** Bounds of a library. What comes from a remote is hostile until it is verified, and may only cost so much. */

/** One file, bytes: text and pictures fit; what is larger belongs into Knowledge, not into a history that everybody clones. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** One object in a pack, bytes when inflated. History may hold larger files than we materialise; memory still has an end. */
export const MAX_OBJECT_BYTES = 64 * 1024 * 1024;
/** Bytes of one answer of a remote. A pack is held in memory once while it is checked. */
export const MAX_FETCH_BYTES = 256 * 1024 * 1024;
/** Objects of one pack: some 200,000 versions of a few files each. */
export const MAX_PACK_OBJECTS = 1_000_000;
/** All objects of one pack inflated, bytes: 8 times the largest pack, so that ordinary compression passes and a bomb does not. */
export const MAX_INFLATED_BYTES = 8 * MAX_FETCH_BYTES;
/** Files of one version; twice the largest library that is measured. Also bounds the trees visited, so nested tree bombs end. */
export const MAX_PATHS = 100_000;
/** Folders inside each other. */
export const MAX_DEPTH = 32;
/** UTF-8 bytes of one name; what Linux and macOS file systems allow. */
export const MAX_NAME_BYTES = 255;
/** UTF-16 units of one path below the library: leaves room for the workspace's own path under Windows' 260. */
export const MAX_PATH_UNITS = 180;
/** Refused paths that are remembered and shown; more would only repeat. */
export const MAX_PROBLEMS = 500;
/** Front matter or a YAML file, characters: a long agent has 2,000. YAML can cost far more than its length. */
export const MAX_YAML_CHARS = 64 * 1024;
/** YAML aliases that may be expanded: enough for an anchor used throughout, too few for a billion laughs. */
export const MAX_YAML_ALIASES = 100;
/** Body of one item that crosses the border, characters: under a frame of the contract with room for escapes. */
export const MAX_BODY_CHARS = 1_000_000;
/** Variables of a prompt, starters, tools, collections of an agent, choices of a variable: what a form can show. */
export const MAX_LIST_ENTRIES = 100;
/** A remote that sends no byte for so long is gone. Servers are silent up to 30 s while they count objects. */
export const REMOTE_IDLE_MS = 60_000;
/** Redirects that are followed; browsers stop at 20, forges need one. */
export const MAX_REDIRECTS = 5;
/** Between two reports of progress: more often than a person can see. */
export const PROGRESS_MS = 100;
/**
 * Memory of a git worker, MB. V8's own defaults let what is new take 100 MB and more under a library of
 * 10,000 files, and double what is old before it looks; neither is faster there. The old part has room
 * for the largest library that is allowed; beyond it the worker ends, not the engine.
 */
export const GIT_WORKER_MEMORY = {
  maxYoungGenerationSizeMb: 12,
  maxOldGenerationSizeMb: 1_024,
} as const;
