import type { z } from 'zod';
import { settings, type SettingKey, type Settings } from '../../../src-contract/settings.ts';
import type { ConfigObject } from './read-config.ts';

/** Checks one value; throws nothing, tells why not. */
export function checkSetting(
  key: SettingKey,
  value: unknown,
): { readonly ok: true } | { readonly ok: false; readonly why: string } {
  const parsed = settings().shape[key].safeParse(value);
  return parsed.success ? { ok: true } : { ok: false, why: firstIssue(parsed.error) };
}

/** The valid values with defaults for the rest, and what is wrong with the others. */
export function validValues(value: ConfigObject): {
  readonly values: Settings;
  readonly invalid: readonly { readonly key: SettingKey; readonly why: string }[];
} {
  const valid: Record<string, unknown> = {};
  const invalid: { key: SettingKey; why: string }[] = [];
  for (const key of settings().keyof().options) {
    if (!Object.hasOwn(value, key)) continue;
    const checked = checkSetting(key, value[key]);
    if (checked.ok) valid[key] = value[key];
    else invalid.push({ key, why: checked.why });
  }
  return { values: settings().parse(valid), invalid };
}

function firstIssue(error: z.ZodError): string {
  return error.issues[0]?.message ?? 'not valid';
}
