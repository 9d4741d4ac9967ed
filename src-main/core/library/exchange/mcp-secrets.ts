import type { Losses } from './losses.ts';
import { isMapping, mapTexts, type Server } from './mcp-servers.ts';

/** Names of settings whose values are secrets. */
const SECRET = /key|token|secret|passw|credential|auth|cookie|session|bearer|pat$/i;
/** Values that only point to a setting of the machine, or to a question. */
const REFERENCE = /^(?:[A-Za-z]+\s+)?\$\{[^}]+\}$/;

/**
 * A server as it may stand in a library: variables in Carrel's spelling, no secret, and `disabled`.
 * Says what was taken out.
 */
export function imported(name: string, server: Server, lost: Losses): Server {
  const where = `MCP server "${name}"`;
  const spelt = mapTexts(server, (text) =>
    text
      .replaceAll(/\$\{env:([A-Za-z_]\w*)\}/g, '${$1}')
      .replaceAll(/\$\{input:([^}]+)\}/g, (_whole, id: string) => `\${${variableOf(id)}}`),
  );
  const clean: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(spelt)) {
    if ((key === 'env' || key === 'headers') && isMapping(value)) {
      clean[key] = withoutSecrets(value, where, lost);
    } else if (key === 'args' && Array.isArray(value))
      clean[key] = argsWithoutSecrets(value, where, lost);
    else if (key === 'url' && typeof value === 'string')
      clean[key] = urlWithoutSecrets(value, where, lost);
    else if (key !== 'disabled') clean[key] = value;
  }
  return { ...clean, disabled: true };
}

function withoutSecrets(
  settings: Record<string, unknown>,
  where: string,
  lost: Losses,
): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(settings)) {
    const plain = typeof value === 'string' && value !== '' && !REFERENCE.test(value);
    const secret = plain && (SECRET.test(key) || looksSecret(value));
    clean[key] = secret ? `\${${variableOf(key)}}` : value;
    if (secret)
      lost.add(
        where,
        `the value of "${key}" is not brought in; it reads the variable ${variableOf(key)}.`,
      );
  }
  return clean;
}

function argsWithoutSecrets(args: readonly unknown[], where: string, lost: Losses): unknown[] {
  let name: string | null = null;
  return args.map((arg) => {
    if (typeof arg !== 'string') return arg;
    const before = name;
    const [, flag, value] = /^(-{1,2}[\w-]+)=(.+)$/.exec(arg) ?? [];
    name = /^-{1,2}[\w-]+$/.test(arg) && SECRET.test(arg) ? arg : null;
    if (REFERENCE.test(value ?? arg) || arg === '') return arg;
    if (flag !== undefined && value !== undefined && (SECRET.test(flag) || looksSecret(value))) {
      lost.add(
        where,
        `the value of ${flag} is not brought in; it reads the variable ${variableOf(flag)}.`,
      );
      return `${flag}=\${${variableOf(flag)}}`;
    }
    if (name === null && (before !== null || looksSecret(arg))) {
      const variable = variableOf(before ?? 'secret');
      lost.add(
        where,
        `an argument that looks secret is not brought in; it reads the variable ${variable}.`,
      );
      return `\${${variable}}`;
    }
    return arg;
  });
}

function urlWithoutSecrets(text: string, where: string, lost: Losses): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  let changed = url.username !== '' || url.password !== '';
  url.username = '';
  url.password = '';
  for (const [key, value] of Array.from(url.searchParams)) {
    if (REFERENCE.test(value) || (!SECRET.test(key) && !looksSecret(value))) continue;
    url.searchParams.set(key, `\${${variableOf(key)}}`);
    changed = true;
  }
  if (changed) lost.add(where, 'the secret in its address is not brought in.');
  return changed ? url.href.replaceAll('%24%7B', '${').replaceAll('%7D', '}') : text;
}

/** Beginnings of well-known tokens, and long runs of letters and digits that are no word and no path. */
function looksSecret(value: string): boolean {
  if (/^(?:sk-|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AKIA|eyJ[\w-]+\.)/.test(value))
    return true;
  return /^[\w+=-]{32,}$/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value);
}

function variableOf(name: string): string {
  return (
    name
      .replaceAll(/[^A-Za-z0-9]+/g, '_')
      .replaceAll(/^_+|_+$/g, '')
      .toUpperCase() || 'SECRET'
  );
}
