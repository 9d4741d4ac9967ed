import { isDeepStrictEqual } from 'node:util';
import { byText } from './walk.ts';
import type { Losses } from './losses.ts';

/** One MCP server as JSON has it. Keys that nobody knows stay. */
export type Server = Readonly<Record<string, unknown>>;
export type Servers = ReadonlyMap<string, Server>;

/** Longest name of a server, characters; tools are called `mcp__server__tool`. */
const MAX_NAME = 64;
/** Servers of a file: `mcpServers` (Carrel, Claude Code, Cursor) or `servers` (VS Code). Null where it is not such a file. */
export function readServers(text: string): Servers | null {
  const json = parseJson(text);
  if (!isMapping(json)) return null;
  const all = json['mcpServers'] ?? json['servers'];
  if (!isMapping(all)) return null;
  const servers = Object.entries(all).filter(
    (entry): entry is [string, Record<string, unknown>] =>
      isMapping(entry[1]) && entry[0].length <= MAX_NAME && !/[\p{Cc}\p{Cf}]/u.test(entry[0]),
  );
  return new Map(servers.toSorted(([a], [b]) => byText(a, b)));
}

/** A file of servers in the way of Claude Code and Cursor, or of VS Code. */
export function writeServers(servers: Servers, style: 'mcpServers' | 'servers'): string {
  const entries = [...servers].map(([name, server]) => [
    name,
    style === 'servers' ? typed(server) : server,
  ]);
  return `${JSON.stringify({ [style]: Object.fromEntries(entries) }, null, 2)}\n`;
}

/** VS Code wants to be told how a server is reached. */
function typed(server: Server): Server {
  if ('type' in server) return server;
  return { type: 'url' in server ? 'http' : 'stdio', ...server };
}

/** `${NAME}` of Carrel and Claude Code as `${env:NAME}` of VS Code and Cursor. */
export function toEnv(name: string, server: Server, program: string, lost: Losses): Server {
  return mapTexts(server, (text) => {
    if (/\$\{[A-Za-z_]\w*:-/.test(text)) {
      lost.add(`MCP server "${name}"`, `${program} knows no default values of variables.`);
    }
    return text.replaceAll(/\$\{([A-Za-z_]\w*)(?::-[^}]*)?\}/g, (whole, variable: string) =>
      EDITOR.has(variable) ? whole : `\${env:${variable}}`,
    );
  });
}

/** Variables that an editor fills in; they have no other spelling. */
const EDITOR = new Set(['workspaceFolder', 'workspaceFolderBasename', 'userHome', 'pathSeparator']);

/** The same server with each text in it changed, however deep. */
export function mapTexts(server: Server, change: (text: string) => string): Server {
  return visit(server) as Server;

  function visit(value: unknown): unknown {
    if (typeof value === 'string') return change(value);
    if (Array.isArray(value)) return value.map(visit);
    if (!isMapping(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, visit(each)]));
  }
}

/** JSON, and the comments and trailing commas that VS Code allows in it; undefined where it is neither. */
function parseJson(text: string): unknown {
  for (const candidate of [text, withoutComments(text)]) {
    try {
      return JSON.parse(candidate.replace(/^\ufeff/, '')) as unknown;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

function withoutComments(text: string): string {
  const strings = /("(?:[^"\\\n]|\\.)*")|\/\/[^\n]*|\/\*[^]*?\*\//g;
  const bare = text.replaceAll(strings, (_whole, string: string | undefined) => string ?? '');
  return bare.replaceAll(
    /("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])/g,
    (_whole, string: string | undefined) => string ?? '',
  );
}

/** Whether two servers are the same but for being switched on. */
export function sameServer(a: Server, b: Server): boolean {
  const { disabled: _a, ...left } = a;
  const { disabled: _b, ...right } = b;
  return isDeepStrictEqual(left, right);
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
