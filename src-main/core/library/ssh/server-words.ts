import { connectionCut, offline, remoteNotFound } from '../errors.ts';
import type { AppError } from '../../../../src-contract/app-error.ts';
import type { ChannelEnd } from './git-channel.ts';
import {
  hostChanged,
  hostNotConfirmed,
  noGitOnServer,
  remoteSaid,
  repositoryDenied,
  sshDenied,
  unsafeRepository,
} from './ssh-errors.ts';

/** Characters of a stranger's words that are shown. */
const MAX_SHOWN_CHARS = 500;
/** What a shell answers where a command isn't found. */
const NOT_FOUND = 127;
/** What the ssh program answers where it failed itself. */
const SSH_FAILED = 255;

/** What the end of git's program on a server means, for a program that did not end well. */
export function meaningOf(end: ChannelEnd, url: string, host: string): AppError {
  const said = printable(end.said);
  if (end.isLost) return connectionCut(host, new Error(said));
  if (end.code === SSH_FAILED) return ofSshItself(said, host);
  if (
    end.code === NOT_FOUND ||
    /command not found|git-(?:upload|receive)-pack.{0,40}(?:not found|not recognized)/i.test(said)
  ) {
    return noGitOnServer(host, said);
  }
  if (/dubious ownership/i.test(said)) return unsafeRepository(host, said);
  if (
    /not appear to be a git repository|not a git repository|repository (?:\S+ )?(?:not found|does not exist)|could not be found|cannot find repository|no such file or directory/i.test(
      said,
    )
  ) {
    return remoteNotFound(url, new Error(said));
  }
  if (
    /permission.{0,60}denied|access.{0,20}denied|not allowed|unauthori[sz]ed|read[- ]only|forbidden/i.test(
      said,
    )
  ) {
    return repositoryDenied(url, said);
  }
  return remoteSaid(url, said);
}

/** The ssh program speaks one language. */
function ofSshItself(said: string, host: string): AppError {
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED|host key .*revoked/i.test(said)) {
    return hostChanged({ host }, null);
  }
  if (/host key verification failed/i.test(said)) return hostNotConfirmed(host);
  if (/permission denied \(|too many authentication failures/i.test(said)) {
    return sshDenied(host, ['the ssh program with its own configuration'], new Error(said));
  }
  if (/could not resolve|connection refused|timed out|unreachable|no route/i.test(said)) {
    return offline(host, new Error(said));
  }
  return remoteSaid(host, said);
}

/** Text of a stranger on one line: no control characters, no bidirectional tricks. */
export function printable(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\u{fffd}')
    .trim()
    .slice(0, MAX_SHOWN_CHARS);
}
