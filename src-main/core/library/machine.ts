import { homedir, hostname, networkInterfaces, userInfo } from 'node:os';
import { join } from 'node:path';
import type { LibraryMachine } from './ports.ts';

/** Where OpenSSH's agent listens on Windows. */
const WINDOWS_AGENT = String.raw`\\.\pipe\openssh-ssh-agent`;

/** The account and machine that Carrel runs on. */
export function thisMachine(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): LibraryMachine {
  const agent = env['SSH_AUTH_SOCK'] ?? '';
  return {
    username: accountName(env),
    hostname: hostname(),
    sshDir: join(homedir(), '.ssh'),
    sshAgent: agent !== '' ? agent : platform === 'win32' ? WINDOWS_AGENT : null,
  };
}

/** An account without an entry in the system's list (a container's number) still has a name in most environments. */
function accountName(env: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    return env['USER'] ?? env['USERNAME'] ?? '';
  }
}

/** The addresses of this machine as one text that differs when the network does. */
export function networkNow(): string {
  const lines = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.filter(({ internal }) => !internal).map(({ cidr }) => `${name} ${cidr ?? ''}`),
  );
  return lines.toSorted().join('\n');
}
