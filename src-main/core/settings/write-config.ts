import { basename, dirname, extname } from 'node:path';
import { PRIVATE_FILE_MODE } from '../shared/private-file.ts';
import type { ConfigObject } from './read-config.ts';

/** Writes config.json through `conf`: whole or not at all, 0600, unknown keys kept. */
export interface ConfigWriter {
  /** Sets one key in what the file holds now. */
  set(key: string, value: unknown): void;
  /** Replaces everything. */
  replace(value: ConfigObject): void;
}

/**
 * `conf` costs more to load than the rest of the engine, so only writing loads it; reading is ours.
 * It gets no schema: the zod schema of the contract is the only truth.
 */
export async function openConfigWriter(file: string): Promise<ConfigWriter> {
  const { default: Conf } = await import('conf');
  const extension = extname(file);
  const conf = new Conf<Record<string, unknown>>({
    cwd: dirname(file),
    configName: basename(file, extension),
    fileExtension: extension,
    configFileMode: PRIVATE_FILE_MODE,
    // Our keys have dots in them and are not paths.
    accessPropertiesByDotNotation: false,
  });
  return {
    set: (key, value) => conf.set({ [key]: value }),
    replace: (value) => {
      conf.store = value;
    },
  };
}
