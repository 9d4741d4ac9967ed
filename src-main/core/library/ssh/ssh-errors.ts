import { AppError } from '../../../../src-contract/app-error.ts';

/** The errors of SSH. None holds a key, a passphrase or a password. */

/** What a host showed of itself. */
export interface HostKey {
  readonly host: string;
  readonly port: number;
  readonly keyType: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
}

export function hostUnknown(shown: HostKey): AppError {
  return new AppError(
    'library/host-unknown',
    `${shown.host} is not known here yet. Its key is ${shown.fingerprint}.`,
    {
      remedy:
        'Compare this fingerprint with the one that its owner publishes. Trust it only if they are the same.',
      action: 'trust-host',
      data: { ...shown },
    },
  );
}

/** Never with an action: somebody may be in between, and one click must not let them in. */
export function hostChanged(
  shown: Pick<HostKey, 'host'> & Partial<HostKey>,
  place: string | null,
): AppError {
  return new AppError(
    'library/host-changed',
    `${shown.host} shows another key than the one that is known. Somebody may be in between.`,
    {
      remedy: `Ask who runs the server whether its key was replaced. Only if it was: remove ${place ?? 'the old key from known_hosts'} and try again. Nothing was sent.`,
      data: { ...shown },
    },
  );
}

/** The ssh program met a host that is not in its own `known_hosts`; only it can be told so. */
export function hostNotConfirmed(host: string): AppError {
  return new AppError('library/host-unknown', `The ssh program does not know ${host} yet.`, {
    remedy: `Run "ssh ${host}" once in a terminal and confirm the fingerprint there, then try again.`,
    data: { host },
  });
}

export function hostRevoked(shown: HostKey): AppError {
  return new AppError(
    'library/host-revoked',
    `The key that ${shown.host} shows was revoked on this machine.`,
    {
      remedy: 'Do not use this server until who runs it has given it another key.',
      data: { ...shown },
    },
  );
}

export function knownHostsNotRead(file: string, cause?: unknown): AppError {
  return new AppError('library/known-hosts-not-read', `${file} can't be read.`, {
    remedy: 'Make the file readable or take it away: without it no host can be told from another.',
    data: { file },
    cause,
  });
}

export function needsPassphrase(keyFile: string, wasWrong: boolean): AppError {
  return new AppError(
    'library/ssh-key-needs-passphrase',
    wasWrong
      ? `The passphrase does not open the key ${keyFile}.`
      : `The key ${keyFile} needs its passphrase.`,
    {
      remedy: 'Give the passphrase (it is kept in the vault), or add the key to your SSH agent.',
      action: 'give-access',
      data: { keyFile },
    },
  );
}

export function keyNotRead(keyFile: string, why: string, cause?: unknown): AppError {
  return new AppError('library/ssh-key-not-read', `The key ${keyFile} can't be used: ${why}.`, {
    remedy:
      'Choose a private key in the OpenSSH form (ed25519, ECDSA or RSA); "ssh-keygen -p -f" with its name rewrites an older one.',
    action: 'give-access',
    data: { keyFile },
    cause,
  });
}

/** `tried`: the ways in words. */
export function sshDenied(place: string, tried: readonly string[], cause?: unknown): AppError {
  const ways = tried.length === 0 ? 'There was no key to try.' : `Tried: ${tried.join(', ')}.`;
  return new AppError('library/access-denied', `${place} let none of your keys in.`, {
    remedy: `${ways} Check the user name, add your public key on the server, or choose another key file.`,
    action: 'give-access',
    data: { place, tried: [...tried] },
    cause,
  });
}

/** Let in, but not to this repository. */
export function repositoryDenied(place: string, said: string): AppError {
  return new AppError('library/access-denied', `${place} refused access to this repository.`, {
    remedy: 'Ask who runs it for the right, or use the key of another account.',
    action: 'give-access',
    data: { place, said },
  });
}

export function sshBanner(place: string, said: string): AppError {
  return new AppError(
    'library/ssh-banner',
    `${place} answered with a text of its own instead of Git's: "${said}".`,
    {
      remedy:
        'On the server, let the start-up files of the shell (.bashrc, .profile) print nothing when no person is logged in.',
      data: { place, said },
    },
  );
}

export function noGitOnServer(place: string, said: string): AppError {
  return new AppError('library/no-git-on-server', `Git was not found on ${place}.`, {
    remedy:
      'Install Git there, or make it part of the PATH that a shell without a terminal has. Check that this account may run commands.',
    data: { place, said },
  });
}

export function unsafeRepository(place: string, said: string): AppError {
  return new AppError(
    'library/unsafe-repository',
    `Git on ${place} does not use this repository: it belongs to another account there.`,
    {
      remedy:
        'On the server, give the repository to the account that you log in with, or allow it there with "git config --global --add safe.directory" and its path.',
      data: { place, said },
    },
  );
}

export function remoteSaid(place: string, said: string): AppError {
  return new AppError(
    'library/remote-refused',
    said === '' ? `${place} refused.` : `${place} refused: ${said}`,
    {
      remedy: 'Ask who runs the server what it means. Nothing was changed.',
      data: { place, said },
    },
  );
}

export function sshProtocol(place: string, cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message : '';
  return new AppError('library/ssh-failed', `No safe connection to ${place}: ${why}.`, {
    remedy:
      'Update the SSH server, or let the ssh program of this machine connect (in the access of this remote).',
    data: { place },
    cause,
  });
}

export function noSshProgram(cause: unknown): AppError {
  return new AppError('library/ssh-program-missing', 'The ssh program was not found.', {
    remedy: 'Install OpenSSH, or let Carrel connect by itself (in the access of this remote).',
    action: 'give-access',
    cause,
  });
}
