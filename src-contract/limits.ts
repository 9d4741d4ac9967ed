/** Bounds of what may cross the border. Each has its reason; the dispatcher refuses what is over. */

/** A question of 32,000 characters is some 8,000 tokens: more belongs into Knowledge, where it is searched, not resent. */
export const MAX_MESSAGE_CHARS = 32_000;
/** Names of collections, agents, models, workspaces: what fits one line of a list. */
export const MAX_NAME_CHARS = 120;
/** Longest path of the systems we run on (Linux PATH_MAX). */
export const MAX_PATH_CHARS = 4_096;
/** Longest URL that common servers and proxies accept. */
export const MAX_URL_CHARS = 2_048;
/** A search is a question or a phrase, not a document; FTS5's cost grows with its terms. */
export const MAX_QUERY_CHARS = 1_000;
/** API keys and tokens; the longest in use (signed JWTs) stay under 4 KB. */
export const MAX_SECRET_CHARS = 8_192;
/** Paths of one `knowledge.add`; a person drops a handful, a script a list. */
export const MAX_PATHS = 1_000;
/** Results of one search: more is paging, not reading. */
export const MAX_RESULTS = 200;
/** One piece of an upload, in base64 characters (192 KiB of bytes): small enough to keep other messages flowing. */
export const MAX_UPLOAD_CHUNK_CHARS = 262_144;
/** One uploaded file, bytes; the same cap as a library file. */
export const MAX_UPLOAD_BYTES = 10 * 1024 * 1024;
/** One message of a client to the engine, bytes. Above the largest legal input (an upload piece, a message) with room for JSON escapes. */
export const MAX_FRAME_BYTES = 4 * 1024 * 1024;
/** One message of the engine to its client, bytes: a conversation of a thousand long answers with their passages. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** Text of one item, characters: under MAX_FRAME_BYTES with room for JSON escapes. */
export const MAX_ITEM_CHARS = 1_000_000;
/** Message of a published version: a first line and some paragraphs. */
export const MAX_LIBRARY_MESSAGE_CHARS = 4_000;
