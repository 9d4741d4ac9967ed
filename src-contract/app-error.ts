/**
 * Something a screen can offer as a button beside an error. One word, one meaning; the renderer
 * maps each to a label and a place.
 */
export const REMEDY_ACTIONS = [
  'retry',
  'open-settings',
  'open-providers',
  'open-library',
  'open-knowledge',
  'open-health',
  'use-library-reader',
  'reindex',
  'give-access',
  'trust-host',
  'allow-deletions',
] as const;
export type RemedyAction = (typeof REMEDY_ACTIONS)[number];

/** What crosses the border when something fails. `code` is stable, `message` and `remedy` are for a person. */
export interface ErrorShape {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly action?: RemedyAction;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface AppErrorOptions {
  readonly remedy: string;
  readonly action?: RemedyAction;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An error with a stable code (`feature/what`), a message and a remedy for a person. Everything else is `internal`. */
export class AppError extends Error {
  readonly code: string;
  readonly remedy: string;
  readonly action: RemedyAction | undefined;
  readonly data: Readonly<Record<string, unknown>> | undefined;

  constructor(code: string, message: string, options: AppErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.remedy = options.remedy;
    this.action = options.action;
    this.data = options.data;
  }

  toShape(): ErrorShape {
    return {
      code: this.code,
      message: this.message,
      remedy: this.remedy,
      ...(this.action ? { action: this.action } : {}),
      ...(this.data ? { data: this.data } : {}),
    };
  }

  static fromShape(shape: ErrorShape): AppError {
    return new AppError(shape.code, shape.message, {
      remedy: shape.remedy,
      ...(shape.action ? { action: shape.action } : {}),
      ...(shape.data ? { data: shape.data } : {}),
    });
  }
}
