import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { statOrNull } from '../files/record.ts';
import type { Losses } from './losses.ts';
import { imported } from './mcp-secrets.ts';
import { readServers, sameServer, writeServers, type Server } from './mcp-servers.ts';
import type { Draft } from './place-files.ts';
import { decode, MCP_FILE } from './read-library.ts';
import { byText } from './walk.ts';
import { MAX_MCP_BYTES } from './limits.ts';

/**
 * The library's `mcp.json` with servers added, each disabled. Servers that are there stay as they are.
 * A file that was laid out by hand is not written anew.
 */
export function addServers(
  files: string,
  found: ReadonlyMap<string, Server>,
  lost: Losses,
): Draft[] {
  if (found.size === 0) return [];
  const at = join(files, MCP_FILE);
  const stat = statOrNull(at);
  const bytes = stat?.isFile() === true && stat.size <= MAX_MCP_BYTES ? readFileSync(at) : null;
  const text = bytes ? decode(bytes) : null;
  const here = text === null ? null : readServers(text);
  if (stat !== null && (here === null || text !== writeServers(here, 'mcpServers'))) {
    const names = [...found.keys()].map((name) => `"${name}"`).join(', ');
    lost.add(MCP_FILE, `it has a layout of its own and is left as it is; add ${names} by hand.`);
    return [];
  }
  const all = new Map(here ?? []);
  for (const [name, server] of found) {
    const clean = imported(name, server, lost);
    const there = all.get(name);
    if (!there) all.set(name, clean);
    else if (!sameServer(there, clean)) {
      lost.add(`MCP server "${name}"`, 'the library has another one of this name; it stays.');
    }
  }
  const whole = new Map([...all].toSorted(([a], [b]) => byText(a, b)));
  const draft: Draft = {
    path: MCP_FILE,
    bytes: () => Buffer.from(writeServers(whole, 'mcpServers'), 'utf8'),
  };
  return [bytes ? { ...draft, replaces: bytes } : draft];
}
