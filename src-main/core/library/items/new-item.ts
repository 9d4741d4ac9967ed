import { stringify } from 'yaml';
import { MAX_NAME_CHARS } from '../../../../src-contract/limits.ts';
import type { ItemJobs } from '../item-jobs.ts';
import { badName } from './item-errors.ts';

export type NewKind = ItemJobs['create']['input']['kind'];

/** A name as one line of a list: no control or invisible characters. Errors: `library/bad-name` (nothing is left). */
export function titleOf(name: string): string {
  const title = name
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cn}\p{Co}\ufffd]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_NAME_CHARS)
    .toWellFormed()
    .replace(/\ufffd$/, '')
    .trim();
  if (title === '') throw badName('it is empty');
  return title;
}

/** The least text that makes a whole item of its kind. `slug`: of its path, which is the name of a skill. */
export function newItemText(kind: NewKind, title: string, slug: string): string {
  switch (kind) {
    case 'prompt':
      return `${front({ name: title, description: '' })}\nSay what is to be done.\n`;
    case 'agent':
      return `${front({ name: title, description: '' })}\nSay who this agent is and how it works.\n`;
    case 'skill':
      return `${front({ name: slug, description: 'Say what this skill does and when to use it.' })}\n# ${title}\n\nSay what to do, step by step.\n`;
    case 'knowledge':
      return `# ${title}\n`;
  }
}

function front(fields: Readonly<Record<string, string>>): string {
  return `---\n${stringify(fields, { lineWidth: 0 })}---\n`;
}
