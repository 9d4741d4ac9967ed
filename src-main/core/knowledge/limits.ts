/** Bounds of knowledge, each with its reason. */

/** Larger files are data or logs, not documents; the same cap as an upload and a library file. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** A Linux kernel tree has 87,000 files; more in one folder is a disk, not a collection. */
export const MAX_FILES_PER_ADD = 200_000;
/** Nesting of folders that a walk follows; deeper is a loop of mounts or an attack. */
export const MAX_DEPTH = 64;
/** Characters of one line that are indexed; a longer line is minified code or data on one line. */
export const MAX_LINE_CHARS = 100_000;
/** Characters of one line that are shown; the rest is cut with an ellipsis. */
export const MAX_SHOWN_LINE_CHARS = 4_000;
/** Chunks of one file: 10 MB of headings alone would be more than a person could mean. */
export const MAX_CHUNKS_PER_FILE = 20_000;
/** Files of one job of the worker: small enough that an upload or a second folder gets its turn soon. */
export const BATCH_FILES = 200;
/** Files and bytes of one transaction: a commit costs an fsync, a lost transaction costs its work again. */
export const COMMIT_FILES = 50;
export const COMMIT_BYTES = 4 * 1024 * 1024;
/** Uploads that may be open at a time, and how long one may pause, milliseconds. They are held in memory. */
export const MAX_OPEN_UPLOADS = 8;
export const UPLOAD_IDLE_MS = 10 * 60_000;
/** Entries of one folder that the path picker shows. */
export const MAX_BROWSE_ENTRIES = 1_000;
/** Chunks that are ranked for a question; what comes later never reaches a result list. */
export const MAX_RANKED_CHUNKS = 400;
/** A passage as it is shown and given to a model: a screenful. */
export const MAX_SHOWN_LINES = 30;
export const MAX_SHOWN_CHARS = 2_600;
/** Lines of one `passage` answer. */
export const MAX_PASSAGE_LINES = 2_000;
/** Files whose names a summary repeats as failed; the collection's list has all of them. */
export const MAX_TOLD_FAILURES = 1_000;
