import type { IconName } from '../../ui/icon.tsx';

/** The sections of Settings; the id is part of the address. */
export const sections = [
  { id: 'providers', title: 'Providers', icon: 'provider' },
  { id: 'routes', title: 'Routes', icon: 'branch' },
  // Not “Library”: the rail has the one link of that name.
  { id: 'library', title: 'Git sync', icon: 'library' },
  { id: 'appearance', title: 'Appearance', icon: 'settings' },
  { id: 'vault', title: 'Vault', icon: 'lock' },
  { id: 'privacy', title: 'Privacy', icon: 'cloud' },
  { id: 'about', title: 'About', icon: 'info' },
] as const satisfies readonly { id: string; title: string; icon: IconName }[];

export type SectionId = (typeof sections)[number]['id'];

/** The section of an address; Providers where it names none. */
export function sectionOf(rest: string): (typeof sections)[number] {
  return sections.find((section) => section.id === rest) ?? sections[0];
}
