import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import type { SshAccess } from '../remote-access.ts';
import type { ConnectOptions, SshTarget } from './connect.ts';
import {
  MAX_SAID_CHARS,
  type ChannelEnd,
  type ChannelOpener,
  type GitChannel,
} from './git-channel.ts';
import { noSshProgram } from './ssh-errors.ts';

/**
 * Channels over the `ssh` program of this machine, a process each, with the person's own
 * configuration (jump hosts, security keys, certificates). It asks nothing: what it would ask about
 * is an error. No shell of this machine sees the address.
 *
 * Errors: `library/ssh-program-missing`; what ssh says stands in the channel's end.
 */
export function systemChannels(
  target: SshTarget,
  access: SshAccess,
  { signal }: Pick<ConnectOptions, 'signal'>,
): ChannelOpener {
  const running = new Set<GitChannel>();
  return {
    open,
    close: () => {
      for (const channel of running) channel.kill();
    },
  };

  function open(command: string): Promise<GitChannel> {
    signal.throwIfAborted();
    const destination = target.user === null ? target.host : `${target.user}@${target.host}`;
    const child = spawn(
      'ssh',
      [
        '-T',
        '-o',
        'BatchMode=yes',
        '-o',
        'ClearAllForwardings=yes',
        ...(target.port === null ? [] : ['-p', String(target.port)]),
        ...(access.keyFile === null ? [] : ['-i', access.keyFile]),
        '--',
        destination,
        command,
      ],
      {
        env: environment(access),
        // A folder of our choice: Windows looks for programs in the current one first.
        cwd: dirname(process.execPath),
        stdio: ['pipe', 'pipe', 'pipe'],
        windowsHide: true,
      },
    );
    let said = '';
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text: string) => {
      said = (said + text).slice(0, MAX_SAID_CHARS);
    });
    // A child that ends early closes the pipe under us; its end tells why.
    child.stdin.on('error', (error) => {
      said = (said || error.message).slice(0, MAX_SAID_CHARS);
    });
    const ended = new Promise<ChannelEnd>((resolve) => {
      child.once('close', (code) => {
        running.delete(channel);
        resolve({ code, isLost: code === null || isConnectionLoss(code, said), said });
      });
    });
    const channel: GitChannel = {
      stdin: child.stdin,
      stdout: child.stdout,
      ended,
      kill: () => void child.kill('SIGKILL'),
    };
    running.add(channel);
    return new Promise((resolve, reject) => {
      child.once('spawn', () => resolve(channel));
      child.once('error', (error) => reject(noSshProgram(error)));
    });
  }
}

/** 255 is ssh's own failure, not the program's. */
function isConnectionLoss(code: number, said: string): boolean {
  return (
    code === 255 &&
    /connection (?:to .* )?(?:closed|reset|lost)|closed by remote host|broken pipe|corrupted MAC|bad packet/i.test(
      said,
    )
  );
}

/** The person's own environment, which ssh needs (its agent, its home), without what would change git at the other end. */
function environment(access: SshAccess): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  return {
    ...Object.fromEntries(kept),
    ...(access.agent === null ? {} : { SSH_AUTH_SOCK: access.agent }),
  };
}
