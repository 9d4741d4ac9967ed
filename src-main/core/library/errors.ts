import { AppError } from '../../../src-contract/app-error.ts';

/** The errors of the library that more than one verb throws. `data` never holds credentials. */

export function offline(host: string, cause?: unknown): AppError {
  return new AppError('library/offline', `${host} can't be reached.`, {
    remedy: 'Check the network connection, then try again. The library works as it is meanwhile.',
    action: 'retry',
    data: { host },
    cause,
  });
}

export function connectionCut(host: string, cause?: unknown): AppError {
  return new AppError('library/connection-cut', `The connection to ${host} ended too early.`, {
    remedy: 'Try again. Nothing of what was half received is used.',
    action: 'retry',
    data: { host },
    cause,
  });
}

export function stalled(host: string): AppError {
  return new AppError('library/timed-out', `${host} stopped sending.`, {
    remedy: 'Try again later. Nothing was changed.',
    action: 'retry',
    data: { host },
  });
}

export function remoteNotFound(url: string, cause?: unknown): AppError {
  return new AppError('library/remote-not-found', `There is no Git repository at ${url}.`, {
    remedy: 'Check the address. A private repository may also look as if it were not there.',
    data: { url },
    cause,
  });
}

export function notGit(url: string, cause?: unknown): AppError {
  return new AppError('library/not-a-git-remote', `What answers at ${url} is not Git.`, {
    remedy: 'Use the address that "git clone" would take, not the address of a web page.',
    data: { url },
    cause,
  });
}

export function accessDenied(url: string, hadCredentials: boolean): AppError {
  return new AppError(
    'library/access-denied',
    hadCredentials ? `${url} refused the credentials.` : `${url} asks for credentials.`,
    {
      remedy: hadCredentials
        ? 'Check that the token is valid and may read this repository, or give another one.'
        : 'Give a user name with a password or token. It is kept in the vault, in no file of the library.',
      action: 'give-access',
      data: { url },
    },
  );
}

export function badPack(reason: string): AppError {
  return new AppError('library/bad-pack', `The remote sent data that is not valid: ${reason}.`, {
    remedy:
      'Try again; if it stays, ask who runs the remote to run "git fsck". Nothing was changed.',
    data: { reason },
  });
}

export function tooLarge(what: string): AppError {
  return new AppError('library/too-large', `The remote is over a limit: ${what}.`, {
    remedy: 'Keep large files out of the library and its history. Nothing was changed.',
    data: { what },
  });
}

export function incomplete(oid: string): AppError {
  return new AppError('library/incomplete', 'The remote did not send all of its version.', {
    remedy:
      'Try again; if it stays, ask who runs the remote to run "git fsck". Nothing was changed.',
    action: 'retry',
    data: { missing: oid },
  });
}

export function noLibrary(): AppError {
  return new AppError('library/none', 'This workspace has no library yet.', {
    remedy: 'Connect one, or begin with the starter library.',
    action: 'open-library',
  });
}

export function alreadyConnected(): AppError {
  return new AppError('library/already-connected', 'This workspace has its library already.', {
    remedy: 'Create another workspace for another library.',
    action: 'open-library',
  });
}

export function busy(): AppError {
  return new AppError('library/busy', 'The library is at work already.', {
    remedy: 'Wait until it is done.',
    action: 'open-library',
  });
}

export function unknownItem(path: string): AppError {
  return new AppError('library/unknown-item', `The library has no item "${path.slice(0, 200)}".`, {
    remedy: 'Look at the list of items: it may have been renamed or removed.',
    action: 'open-library',
  });
}

export function notInConflict(path: string): AppError {
  return new AppError('library/not-in-conflict', `"${path.slice(0, 200)}" has no conflict.`, {
    remedy: 'Look at the list of conflicts: it may have been resolved meanwhile.',
    action: 'open-library',
  });
}

export function accessMismatch(url: string, kind: 'password' | 'ssh'): AppError {
  return new AppError(
    'library/access-mismatch',
    kind === 'ssh' ? `${url} takes no user name and password.` : `${url} is not entered over SSH.`,
    {
      remedy:
        kind === 'ssh'
          ? 'Give a key file or use the agent for an SSH address; a path needs nothing.'
          : 'Give a user name with a password or token for an https address; a path needs nothing.',
      action: 'give-access',
      data: { url },
    },
  );
}

export function badKeyFile(): AppError {
  return new AppError('library/bad-key-file', 'The key file needs its whole path.', {
    remedy: 'Give the path from the root of the disk, such as /home/ada/.ssh/id_ed25519.',
    action: 'give-access',
  });
}

export function noAddress(): AppError {
  return new AppError('library/no-address', 'This library has no remote.', {
    remedy: 'Give it one first, or say which address is meant.',
    action: 'open-library',
  });
}

/** One of Carrel's own notes can't be read: the disk or another program changed it. */
export function noteDamaged(file: string, cause: unknown): AppError {
  return new AppError('library/damaged', `${file} is damaged.`, {
    remedy:
      'Move it away and start again: your files and versions stay as they are. A lost address of the remote is given again in the settings.',
    data: { file },
    cause,
  });
}

/** The disk's own errors in words; anything else is returned as it is. */
export function fromDisk(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError('library/disk-full', 'There is no room left on the disk.', {
        remedy: 'Free some space and try again; what was begun is taken up where it stopped.',
        action: 'retry',
        cause: error,
      });
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new AppError('library/not-writable', "The folder of the library can't be written.", {
        remedy: 'Check the rights of the data folder and that no other program holds its files.',
        action: 'retry',
        cause: error,
      });
    default:
      return error;
  }
}
