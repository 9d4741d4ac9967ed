import { AppError } from '../../../src-contract/app-error.ts';
import { MAX_FILE_BYTES, MAX_FILES_PER_ADD } from './limits.ts';

/** Errors of knowledge; every code is stable. */

export function notYetSupported(extension: string): AppError {
  return new AppError(
    'knowledge/not-yet-supported',
    `Files of this kind (.${extension}) are not yet supported.`,
    { remedy: 'Save it as Markdown or plain text and add that.' },
  );
}

export function notText(): AppError {
  return new AppError('knowledge/not-text', 'This file is not UTF-8 text.', {
    remedy: 'Save it as UTF-8 in your editor, or leave it out.',
  });
}

export function unreadable(cause: unknown): AppError {
  const code = errnoOf(cause);
  const reason =
    code === 'EACCES' || code === 'EPERM'
      ? 'you have no permission to read it'
      : code === 'ENOENT'
        ? 'it is not there'
        : code || 'the system refused';
  return new AppError('knowledge/unreadable', `This can't be read: ${reason}.`, {
    remedy: 'Check that it exists and that you may read it, then index the collection again.',
    action: 'reindex',
    cause,
  });
}

export function tooLarge(bytes: number): AppError {
  return new AppError(
    'knowledge/too-large',
    `This file has ${Math.ceil(bytes / 1024 / 1024)} MB; the limit is ${MAX_FILE_BYTES / 1024 / 1024} MB.`,
    { remedy: 'Split it, or add only the part that matters.' },
  );
}

export function looksSecret(): AppError {
  return new AppError('knowledge/looks-secret', 'This looks like a file of keys or passwords.', {
    remedy: 'It was left out on purpose. Rename it if it is none.',
  });
}

export function lineCut(): AppError {
  return new AppError(
    'knowledge/line-cut',
    'Some lines are very long: only their start is found.',
    {
      remedy: 'Add the original instead of a minified or generated file.',
    },
  );
}

export function endedWorker(): AppError {
  return new AppError('knowledge/ended-worker', 'Reading this file ended the indexer twice.', {
    remedy: 'It was set aside; the rest was indexed. Split the file or leave it out.',
  });
}

export function tooManyFiles(): AppError {
  return new AppError(
    'knowledge/too-many-files',
    `There are more than ${MAX_FILES_PER_ADD.toLocaleString('en')} files in there.`,
    { remedy: 'Add the folders that matter one by one.' },
  );
}

export function pathMissing(path: string, cause?: unknown): AppError {
  return new AppError('knowledge/path-missing', `There is nothing to read at ${path}.`, {
    remedy: 'Check the path; it must be absolute and readable for you.',
    data: { path },
    cause,
  });
}

export function insideDataDir(path: string): AppError {
  return new AppError('knowledge/inside-data-dir', `${path} is Carrel's own data folder.`, {
    remedy: 'Choose a folder with your documents.',
    data: { path },
  });
}

export function unknownCollection(name: string): AppError {
  return new AppError('knowledge/unknown-collection', `There is no collection "${name}".`, {
    remedy: 'Choose one of the list in Knowledge, or add files to make it.',
    action: 'open-knowledge',
    data: { collection: name },
  });
}

export function unknownFile(path: string): AppError {
  return new AppError('knowledge/unknown-file', `"${path}" is not in this collection.`, {
    remedy: 'Index the collection again if the file was moved.',
    action: 'reindex',
    data: { path },
  });
}

export function sourceGone(path: string, cause: unknown): AppError {
  return new AppError('knowledge/source-gone', `"${path}" can't be read any more.`, {
    remedy: 'Index the collection again, or bring the file back.',
    action: 'reindex',
    data: { path },
    cause,
  });
}

export function readOnly(name: string): AppError {
  return new AppError('knowledge/read-only', `"${name}" belongs to the team's library.`, {
    remedy: 'Use another name, or change the library itself.',
    data: { collection: name },
  });
}

export function modeUnavailable(mode: string): AppError {
  return new AppError('knowledge/mode-unavailable', `Search by ${mode} needs an embedding model.`, {
    remedy: 'Search with the lexical mode; no embedding model is set up.',
  });
}

export function indexDamaged(cause: unknown): AppError {
  return new AppError('knowledge/index-damaged', 'The search index is damaged.', {
    remedy: 'Index again: your documents are not affected.',
    action: 'reindex',
    cause,
  });
}

export function indexOutdated(found: number): AppError {
  return new AppError(
    'knowledge/index-outdated',
    'The search index was written by another version of Carrel.',
    { remedy: 'Index again: your documents are not affected.', action: 'reindex', data: { found } },
  );
}

export function notIndexed(name: string): AppError {
  return new AppError('knowledge/not-indexed', `"${name}" is not in the search index.`, {
    remedy: 'Index it again.',
    action: 'reindex',
    data: { collection: name },
  });
}

export function cancelled(): AppError {
  return new AppError('knowledge/cancelled', 'Indexing was stopped.', {
    remedy: 'Index again when you want it: what is done already is not repeated.',
    action: 'reindex',
  });
}

export function uploadOrder(expected: number): AppError {
  return new AppError('knowledge/upload-order', 'A piece of the upload is missing.', {
    remedy: 'Add the file again.',
    action: 'retry',
    data: { expected },
  });
}

export function tooManyUploads(): AppError {
  return new AppError('knowledge/too-many-uploads', 'Too many files are being sent at once.', {
    remedy: 'Wait until some of them are done.',
    action: 'retry',
  });
}

export function notBeir(reason: string, cause?: unknown): AppError {
  return new AppError('knowledge/not-beir', `This is not a BEIR folder: ${reason}.`, {
    remedy: 'It needs corpus.jsonl, queries.jsonl and qrels/test.tsv.',
    cause,
  });
}

/** The system's code of an error (`ENOENT`), or an empty string. */
export function errnoOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
}
