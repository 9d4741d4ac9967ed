import { AppError, type RemedyAction } from '../../../src-contract/app-error.ts';

/** Whom an error is about. */
export interface ErrorContext {
  readonly providerId: string;
  /** Null where the endpoint itself was asked, not a model. */
  readonly model: string | null;
  readonly local: boolean;
}

/** The endpoint could not be reached or the connection broke: errors of DNS, TCP and TLS by their codes. */
export function networkError(codes: readonly string[], context: ErrorContext): AppError {
  const has = (...known: string[]): boolean => known.some((code) => codes.includes(code));
  const who = `"${context.providerId}"`;
  if (has('ECONNREFUSED')) {
    return make('refused', `Nothing answers at the address of ${who}.`, context, {
      remedy: context.local
        ? 'Start the local server, or correct its address in Settings.'
        : 'Check the address and port in Settings, and that the server runs.',
      action: 'open-providers',
    });
  }
  if (has('ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME')) {
    return make('dns', `The host name of ${who} was not found.`, context, {
      remedy: 'Check the network connection, and the address in Settings.',
      action: 'open-providers',
    });
  }
  if (codes.some((code) => isTlsCode(code))) {
    return make('tls', `The encrypted connection to ${who} could not be trusted.`, context, {
      remedy: "Check the address and this computer's clock; ask whoever runs the server.",
      action: 'open-providers',
    });
  }
  if (has('UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN')) {
    return make('unreachable', `The server of ${who} could not be reached.`, context, {
      remedy: 'Check the network connection, a VPN or a firewall, then try again.',
      action: 'retry',
    });
  }
  return cutOff(context, codes[0]);
}

/** Node names certificate trouble after OpenSSL's verification results. */
function isTlsCode(code: string): boolean {
  return (
    code.startsWith('ERR_TLS') ||
    code.startsWith('ERR_SSL') ||
    code.startsWith('CERT_') ||
    code.includes('SELF_SIGNED') ||
    code.startsWith('UNABLE_TO_') ||
    code === 'HOSTNAME_MISMATCH' ||
    code === 'EPROTO'
  );
}

export function slowHeaders(context: ErrorContext, ms: number): AppError {
  return make(
    'slow-headers',
    `"${context.providerId}" did not begin to answer within ${seconds(ms)}.`,
    context,
    { remedy: 'Try again, or choose another model.', action: 'retry' },
  );
}

export function stalled(context: ErrorContext, ms: number): AppError {
  return make(
    'stalled',
    `"${context.providerId}" fell silent for ${seconds(ms)} in the middle of its answer.`,
    context,
    { remedy: 'Try again, or choose another model.', action: 'retry' },
  );
}

export function cutOff(context: ErrorContext, reason?: string): AppError {
  return make(
    'cut',
    `The connection to "${context.providerId}" broke off.`,
    context,
    { remedy: 'Try again.', action: 'retry' },
    reason ? { reason } : {},
  );
}

export function badStream(context: ErrorContext, what: string): AppError {
  return make(
    'bad-stream',
    `"${context.providerId}" answered with something that is not an answer stream: ${what}.`,
    context,
    {
      remedy: 'Check that the address is that of an OpenAI-compatible endpoint.',
      action: 'open-providers',
    },
  );
}

export function tooLarge(context: ErrorContext, what: string): AppError {
  return make('too-large', `"${context.providerId}" sent ${what}.`, context, {
    remedy: 'Ask for a shorter answer.',
    action: 'retry',
  });
}

export function unknownProvider(id: string): AppError {
  return new AppError('provider/unknown', `There is no provider "${id.slice(0, 80)}".`, {
    remedy: 'Choose another model, or add the provider in Settings.',
    action: 'open-providers',
  });
}

export function make(
  what: string,
  message: string,
  context: ErrorContext,
  help: { readonly remedy: string; readonly action?: RemedyAction },
  data: Readonly<Record<string, unknown>> = {},
): AppError {
  return new AppError(`provider/${what}`, message, {
    ...help,
    data: {
      provider: context.providerId,
      ...(context.model === null ? {} : { model: context.model }),
      ...data,
    },
  });
}

export function seconds(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1_000)} s`;
}
