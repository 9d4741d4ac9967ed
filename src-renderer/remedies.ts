import type { RemedyAction } from '../src-contract/app-error.ts';

export interface Remedy {
  /** The word on the button. */
  readonly label: string;
  /** Where it leads when the place has no own way to do it; null when only the place can. */
  readonly href: string | null;
}

/** What each action of an error means on a screen: one place for all of them. */
export const remedyActions: Readonly<Record<RemedyAction, Remedy>> = {
  retry: { label: 'Try again', href: null },
  'open-settings': { label: 'Open Settings', href: '#/settings' },
  'open-providers': { label: 'Open Providers', href: '#/settings/providers' },
  'open-library': { label: 'Open Library', href: '#/library' },
  'open-knowledge': { label: 'Open Knowledge', href: '#/knowledge' },
  'open-health': { label: 'Open Health', href: '#/health' },
  'use-library-reader': { label: 'Use Library reader', href: '#/settings/routes' },
  'give-access': { label: 'Give access', href: '#/settings/library' },
  'trust-host': { label: 'Check the host', href: '#/library' },
  'allow-deletions': { label: 'See the deletions', href: '#/library' },
  reindex: { label: 'Index again', href: '#/knowledge' },
};
