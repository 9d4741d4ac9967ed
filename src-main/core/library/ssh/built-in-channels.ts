import type { Client, ClientChannel } from 'ssh2';
import { connectionCut } from '../errors.ts';
import type { SshAccess } from '../remote-access.ts';
import { connectSsh, type ConnectOptions, type SshTarget } from './connect.ts';
import {
  MAX_SAID_CHARS,
  type ChannelEnd,
  type ChannelOpener,
  type GitChannel,
} from './git-channel.ts';
import { sshProtocol } from './ssh-errors.ts';

/** A channel that closes without the end of its program waits so long, in milliseconds, for the news that the connection broke. */
const LOSS_GRACE_MS = 500;

/** Channels over one connection of the built-in client, made at the first need and again when it was lost. */
export function builtInChannels(
  target: SshTarget,
  access: SshAccess,
  options: ConnectOptions,
): ChannelOpener {
  let connected: Promise<Client> | null = null;
  return { open, close };

  async function open(command: string): Promise<GitChannel> {
    connected ??= connect();
    const client = await connected;
    options.signal.throwIfAborted();
    const channel = await new Promise<ClientChannel>((resolve, reject) => {
      const onLost = (): void => reject(connectionCut(target.host));
      // The end of the connection is told before the command's own error, which only repeats it.
      client.once('close', onLost).once('end', onLost);
      client.exec(command, (error, made) => {
        client.off('close', onLost).off('end', onLost);
        if (error) reject(sshProtocol(target.host, error));
        else resolve(made);
      });
    });
    return asGitChannel(client, channel);
  }

  async function connect(): Promise<Client> {
    const client = await connectSsh(target, access, options);
    const forget = (): void => {
      connected = null;
    };
    client.once('close', forget);
    client.once('end', forget);
    return client;
  }

  function close(): void {
    // What never connected said why to who asked for it.
    connected?.then(
      (client) => client.end(),
      () => undefined,
    );
    connected = null;
  }
}

function asGitChannel(client: Client, channel: ClientChannel): GitChannel {
  let said = '';
  let code: number | null = null;
  let isLost = false;
  channel.stderr.setEncoding('utf8');
  channel.stderr.on('data', (text: string) => {
    said = (said + text).slice(0, MAX_SAID_CHARS);
  });
  channel.on('exit', (status: number | null) => {
    code = status;
  });
  const lose = (): void => {
    isLost = code === null;
  };
  client.once('close', lose);
  client.once('end', lose);
  const ended = new Promise<ChannelEnd>((resolve) => {
    let grace: NodeJS.Timeout | undefined;
    const finish = (): void => {
      clearTimeout(grace);
      client.off('close', finish);
      client.off('close', lose);
      client.off('end', lose);
      resolve({ code, isLost, said });
    };
    channel.once('close', () => {
      if (code !== null || isLost) {
        finish();
        return;
      }
      // Where the connection broke, the channel may hear of it first.
      grace = setTimeout(finish, LOSS_GRACE_MS);
      client.once('close', finish);
    });
  });
  return { stdin: channel.stdin, stdout: channel, ended, kill: () => void client.destroy() };
}
