import { AppError } from '../../../../../src-contract/app-error.ts';
import { connectionCut, offline } from '../../errors.ts';

/** Codes of OpenSSL's verification, as Node names them. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/;

export function unreachable(host: string, error: unknown, headersSeen: boolean): AppError {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (CERTIFICATE.test(code)) {
    return new AppError('library/certificate', `The certificate of ${host} can't be trusted.`, {
      remedy: 'Check the address and the clock of this machine, or ask who runs the server.',
      data: { host, code },
      cause: error,
    });
  }
  const cut = headersSeen || code === 'ECONNRESET' || code === 'UND_ERR_SOCKET';
  return cut ? connectionCut(host, error) : offline(host, error);
}

export function unavailable(host: string, status: number): AppError {
  return new AppError('library/remote-unavailable', `${host} has trouble (${status}).`, {
    remedy: 'Try again later. Nothing was changed.',
    action: 'retry',
    data: { host, status },
  });
}

/** The same code as for reading, so that the same button helps: another token. */
export function mayNotWrite(url: string): AppError {
  return new AppError('library/access-denied', `${url} does not take changes from you.`, {
    remedy: 'Use a token that may write, or ask who runs the repository for the right to write.',
    action: 'give-access',
    data: { url },
  });
}

export function badRedirect(host: string): AppError {
  return new AppError(
    'library/bad-redirect',
    `${host} points to a place that is not safe to follow.`,
    {
      remedy: 'Use the address that the repository has now.',
      data: { host },
    },
  );
}
