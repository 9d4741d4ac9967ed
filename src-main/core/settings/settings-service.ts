import { AppError } from '../../../src-contract/app-error.ts';
import type { SettingKey, Settings, SettingsProblem } from '../../../src-contract/settings.ts';
import type { ChangeBus } from '../shared/change-bus.ts';
import type { Clock } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';
import { readConfig, validateConfig, type ReadConfig } from './read-config.ts';
import { openConfigWriter } from './write-config.ts';

export interface SettingsDeps {
  /** Path of config.json. */
  readonly file: string;
  readonly bus: ChangeBus;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The settings of this data directory, read once at the start and written on every change. */
export class SettingsService {
  readonly #deps: SettingsDeps;
  #values: Settings;
  #problems: readonly SettingsProblem[];
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(deps: SettingsDeps, read: ReadConfig) {
    this.#deps = deps;
    this.#values = read.values;
    this.#problems = read.problems;
  }

  /** Reads the file; a problem with it is told by `problems`, never thrown. */
  static async open(deps: SettingsDeps): Promise<SettingsService> {
    const read = await readConfig(deps.file, deps.clock.now());
    const service = new SettingsService(deps, read);
    for (const problem of read.problems) deps.logger.warn('configuration', { ...problem });
    if (read.repaired) {
      try {
        (await openConfigWriter(deps.file)).replace(read.repaired);
      } catch (error) {
        // Defaults are used all the same; the next start finds and tells it again.
        deps.logger.error('the configuration file could not be repaired', { error });
      }
    }
    return service;
  }

  get values(): Settings {
    return this.#values;
  }

  /** What was wrong with the file, until the next start. */
  get problems(): readonly SettingsProblem[] {
    return this.#problems;
  }

  /**
   * Stores one setting. Changes that somebody made to the file meanwhile are taken in.
   *
   * Errors: `settings/invalid-value`; `settings/not-writable` (also for a file of a newer Carrel).
   */
  set(key: SettingKey, value: unknown): Promise<Settings> {
    const done = this.#writing.then(() => this.#set(key, value));
    this.#writing = done.catch(() => undefined);
    return done;
  }

  /** What is wrong with the file as it is on disk now. */
  validate(): Promise<readonly SettingsProblem[]> {
    return validateConfig(this.#deps.file);
  }

  async #set(key: SettingKey, value: unknown): Promise<Settings> {
    const { checkSetting } = await import('./check-config.ts');
    const checked = checkSetting(key, value);
    if (!checked.ok) throw invalidValue(key, checked.why);
    const { file, clock, bus } = this.#deps;
    const read = await readConfig(file, clock.now());
    this.#problems = [...this.#problems, ...read.problems.filter((p) => !this.#knows(p))];
    if (!read.writable) throw notWritable(read.problems[0]);
    // Broken while Carrel runs: what is in use is better than defaults.
    const lost = read.problems.some(({ code }) => code === 'settings/unparsable');
    const values = { ...(lost ? this.#values : read.values), [key]: value };
    try {
      const writer = await openConfigWriter(file);
      if (lost) writer.replace(values);
      else if (read.repaired) writer.replace({ ...read.repaired, [key]: value });
      else writer.set(key, value);
    } catch (error) {
      throw notWritable(undefined, error);
    }
    this.#values = values;
    bus.changed('settings');
    return this.#values;
  }

  #knows(problem: SettingsProblem): boolean {
    return this.#problems.some((known) => known.message === problem.message);
  }
}

function invalidValue(key: SettingKey, why: string): AppError {
  return new AppError('settings/invalid-value', `"${key}" can't have this value: ${why}.`, {
    remedy: 'Choose one of the values that the setting offers.',
    data: { key },
  });
}

function notWritable(problem: SettingsProblem | undefined, cause?: unknown): AppError {
  return new AppError(
    'settings/not-writable',
    problem?.message ?? 'The configuration file could not be written.',
    {
      remedy:
        problem?.remedy ?? 'Check that there is space and that your user may write config.json.',
      cause,
    },
  );
}
