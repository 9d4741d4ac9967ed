import { lazy, Suspense, useEffect, useState } from 'react';
import { CrashScreen } from './frame/crash-screen.tsx';
import { EngineNotice } from './frame/engine-notice.tsx';
import { useWindowKeys } from './frame/keys.ts';
import { checkLibraryOnReturn } from './frame/library-check.ts';
import { Rail } from './frame/rail.tsx';
import { Starting } from './frame/starting.tsx';
import { refuseStrayDrops } from './frame/stray-drops.ts';
import { TitleBar } from './frame/title-bar.tsx';
import { useRoute, type ScreenName } from './route.ts';
import { usePrompt } from './prompts/prompt-state.ts';
import { readSettings, useSettings } from './settings-state.ts';
import { applyTheme } from './theme/theme.ts';
import { LiveRegion } from './ui/live-region.tsx';
import { ToastPlace } from './ui/toast.tsx';
import { startWatching, useReading } from './watch.ts';

const files = {
  chat: async () => ({ default: (await import('./features/chat/chat-page.tsx')).ChatPage }),
  knowledge: async () => ({
    default: (await import('./features/knowledge/knowledge-page.tsx')).KnowledgePage,
  }),
  library: async () => ({
    default: (await import('./features/library/library-page.tsx')).LibraryPage,
  }),
  health: async () => ({ default: (await import('./features/health/health-page.tsx')).HealthPage }),
  settings: async () => ({
    default: (await import('./features/settings/settings-page.tsx')).SettingsPage,
  }),
} as const satisfies Record<ScreenName, unknown>;

/** Each screen is loaded when it is first shown, or before, while the window has nothing to do. */
const pages = {
  chat: lazy(files.chat),
  knowledge: lazy(files.knowledge),
  library: lazy(files.library),
  health: lazy(files.health),
  settings: lazy(files.settings),
} as const satisfies Record<ScreenName, unknown>;

/** Until the first screen has drawn and read what it shows, in milliseconds. */
const LOAD_OTHERS_AFTER_MS = 2_000;

const FirstStart = lazy(async () => ({
  default: (await import('./features/first-start/first-start-page.tsx')).FirstStartPage,
}));
const PromptDialog = lazy(async () => ({
  default: (await import('./prompts/prompt-dialog.tsx')).PromptDialog,
}));
const Palette = lazy(async () => ({
  default: (await import('./frame/palette.tsx')).Palette,
}));

export function App() {
  useEffect(startWatching, []);
  useEffect(refuseStrayDrops, []);
  useReading(() => void readSettings(), 'settings');
  const theme = useSettings((state) => state.values?.['appearance.theme']);
  useEffect(() => {
    if (theme) applyTheme(theme);
  }, [theme]);
  return (
    <>
      <CrashScreen>
        <Window />
      </CrashScreen>
      <ToastPlace />
      <LiveRegion />
    </>
  );
}

function Window() {
  const { values, error } = useSettings();
  if (!values) return <Starting error={error} onRetry={() => void readSettings()} />;
  if (!values['onboarding.done']) {
    return (
      <Suspense fallback={null}>
        <FirstStart />
      </Suspense>
    );
  }
  return <Desk />;
}

function Desk() {
  const { screen } = useRoute();
  const [palette, setPalette] = useState(false);
  const prompt = usePrompt((state) => state.path);
  useWindowKeys({ onPalette: () => setPalette(true) });
  useEffect(checkLibraryOnReturn, []);
  useEffect(() => {
    const timer = setTimeout(() => {
      // A file that can't be had is asked for again, and said, by the screen that needs it.
      for (const load of Object.values(files)) load().catch(() => undefined);
    }, LOAD_OTHERS_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const Page = pages[screen];
  return (
    <div className="window">
      <TitleBar onPalette={() => setPalette(true)} />
      <EngineNotice />
      <Rail current={screen} />
      <CrashScreen key={screen}>
        <Suspense fallback={<Loading />}>
          <Page />
        </Suspense>
      </CrashScreen>
      {prompt !== null && (
        <Suspense fallback={null}>
          <PromptDialog key={prompt} path={prompt} />
        </Suspense>
      )}
      {palette && (
        <Suspense fallback={null}>
          <Palette onClose={() => setPalette(false)} />
        </Suspense>
      )}
    </div>
  );
}

/** The place of a screen while its code is read. */
function Loading() {
  return (
    <main className="content">
      <h1 className="sr">Loading</h1>
    </main>
  );
}
