import type { ReactNode } from 'react';
import { ContentBody, ContentHead, ListBody, ListHead, Screen } from '../../frame/screen.tsx';
import { hrefFor, useRoute } from '../../route.ts';
import { useSettings } from '../../settings-state.ts';
import { Banner } from '../../ui/banner.tsx';
import { RowLink, Rows } from '../../ui/row.tsx';
import { AboutSection } from './parts/about-section.tsx';
import { AppearanceSection } from './parts/appearance-section.tsx';
import { LibrarySection } from './parts/library-section.tsx';
import { PrivacySection } from './parts/privacy-section.tsx';
import { ProvidersSection } from './parts/providers-section.tsx';
import { RoutesSection } from './parts/routes-section.tsx';
import { VaultSection } from './parts/vault-section.tsx';
import { sectionOf, sections, type SectionId } from './sections.ts';
import './settings.css';

const bodies: Readonly<Record<SectionId, () => ReactNode>> = {
  providers: ProvidersSection,
  routes: RoutesSection,
  library: LibrarySection,
  appearance: AppearanceSection,
  vault: VaultSection,
  privacy: PrivacySection,
  about: AboutSection,
};

export function SettingsPage() {
  const { rest } = useRoute();
  const section = sectionOf(rest);
  const Body = bodies[section.id];
  const problem = useSettings((state) => state.problems[0]);
  return (
    <Screen
      listLabel="Settings sections"
      list={
        <>
          <ListHead title="Settings" />
          <ListBody>
            <Rows label="Sections">
              {sections.map(({ id, title, icon }) => (
                <RowLink
                  key={id}
                  icon={icon}
                  title={title}
                  href={hrefFor('settings', id)}
                  current={id === section.id}
                />
              ))}
            </Rows>
          </ListBody>
        </>
      }
    >
      <ContentHead title={section.title} />
      <ContentBody className="settings">
        {problem && (
          <Banner tone="warn" title={problem.message}>
            {problem.remedy}
          </Banner>
        )}
        <Body key={section.id} />
      </ContentBody>
    </Screen>
  );
}
