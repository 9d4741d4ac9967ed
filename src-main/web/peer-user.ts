import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { endianness } from 'node:os';

/** Number of the user whose program is at the other end of a connection; null where nobody says. */
export type PeerUser = (socket: Socket) => Promise<number | null>;

/** Both kinds of sockets reach 127.0.0.1. */
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];
/** Columns of these tables, proc(5). */
const LOCAL = 1;
const REMOTE = 2;
const USER = 7;
const ROOT = 0;

/** Linux tells every process who owns the sockets of this machine; other systems tell nobody. */
export const peerUser: PeerUser = async ({ remoteAddress, remotePort, localPort }) => {
  if (process.platform !== 'linux' || !remoteAddress || !remotePort || !localPort) return null;
  const local = `${hexAddress(remoteAddress)}:${hexPort(remotePort)}`;
  const remote = `:${hexPort(localPort)}`;
  for (const table of await Promise.all(TABLES.map(textOf))) {
    for (const line of table.split('\n')) {
      const columns = line.trim().split(/\s+/);
      // An IPv6 socket has the same four bytes at the end of its address.
      if (columns[LOCAL]?.endsWith(local) && columns[REMOTE]?.endsWith(remote)) {
        return Number(columns[USER]);
      }
    }
  }
  return null;
};

/**
 * Whether what was given to one user is shown by the same. Whoever runs Carrel, and root, may read
 * all of it anyway; relays of the system (into WSL, say) run as root.
 */
export function maySpeakFor(expected: number | null, peer: number | null): boolean {
  if (expected === null || peer === null) return true;
  return peer === expected || peer === ROOT || peer === process.getuid?.();
}

function hexAddress(address: string): string {
  const bytes = address
    .replace(/^::ffff:/, '')
    .split('.')
    .map(Number);
  const asKept = endianness() === 'LE' ? bytes.toReversed() : bytes;
  return Buffer.from(asKept).toString('hex').toUpperCase();
}

function hexPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'latin1');
  } catch (error) {
    // Not there, or closed to us: nobody says.
    if (error instanceof Error && 'code' in error) return '';
    throw error;
  }
}
