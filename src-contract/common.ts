import { z } from 'zod';
import { REMEDY_ACTIONS } from './app-error.ts';
import { lazy } from './lazy.ts';
import {
  MAX_NAME_CHARS,
  MAX_PATH_CHARS,
  MAX_PATHS,
  MAX_QUERY_CHARS,
  MAX_RESULTS,
  MAX_SECRET_CHARS,
  MAX_URL_CHARS,
} from './limits.ts';
import { ID, NAME } from './patterns.ts';

export const id = lazy(() => z.string().regex(ID));
/** A name that a person gave: one line, no control characters. */
export const name = lazy(() =>
  z.string().trim().min(1).max(MAX_NAME_CHARS).regex(NAME, 'has control characters'),
);
export const path = lazy(() =>
  z
    .string()
    .min(1)
    .max(MAX_PATH_CHARS)
    .refine((value) => !value.includes('\0'), 'has a NUL character'),
);
export const url = lazy(() => z.string().min(1).max(MAX_URL_CHARS));
export const secret = lazy(() => z.string().min(1).max(MAX_SECRET_CHARS));
export const searchText = lazy(() => z.string().trim().min(1).max(MAX_QUERY_CHARS));
export const paths = lazy(() => z.array(path()).min(1).max(MAX_PATHS));
export const resultCount = lazy(() => z.int().min(1).max(MAX_RESULTS));
/** Milliseconds since 1970 in UTC. */
export const timestamp = lazy(() => z.number());

/** An error as it is stored with a message or a file. */
export const errorShape = lazy(() =>
  z.object({
    code: z.string(),
    message: z.string(),
    remedy: z.string(),
    action: z.enum(REMEDY_ACTIONS).optional(),
    data: z.record(z.string(), z.unknown()).optional(),
  }),
);

/** One passage behind an answer. Lines are 1-based and inclusive. */
export const citation = lazy(() =>
  z.object({
    n: z.int(),
    collection: z.string(),
    path: z.string(),
    title: z.string(),
    page: z.int().nullable(),
    startLine: z.int(),
    endLine: z.int(),
    text: z.string(),
  }),
);
export type Citation = z.infer<ReturnType<typeof citation>>;
