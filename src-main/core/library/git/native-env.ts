import { devNull } from 'node:os';

/** What a program needs to start at all, and where it may put temporary files. */
const KEPT = ['PATH', 'Path', 'PATHEXT', 'SystemRoot', 'SYSTEMROOT', 'TEMP', 'TMP', 'TMPDIR'];

/**
 * The environment of native git as Carrel starts it: no configuration of this machine or person, only
 * `config`, which outranks what the repository itself configures; only the transports named in
 * `protocols` (separated by colons; `none` for none); no questions; one language for its messages.
 * Secrets may be in `config`: unlike arguments, other people can't read an environment.
 */
export function nativeEnv(
  env: NodeJS.ProcessEnv,
  config: Readonly<Record<string, string>>,
  protocols: string,
): NodeJS.ProcessEnv {
  const entries = Object.entries(config);
  return {
    ...Object.fromEntries(KEPT.flatMap((key) => (env[key] ? [[key, env[key]]] : []))),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: devNull,
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_COUNT: String(entries.length),
    ...Object.fromEntries(
      entries.flatMap(([key, value], n) => [
        [`GIT_CONFIG_KEY_${n}`, key],
        [`GIT_CONFIG_VALUE_${n}`, value],
      ]),
    ),
    GIT_ALLOW_PROTOCOL: protocols,
    GIT_NO_LAZY_FETCH: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
}
