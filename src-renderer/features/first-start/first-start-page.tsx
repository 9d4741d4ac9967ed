import { EngineNotice } from '../../frame/engine-notice.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorBanner } from '../../ui/error-banner.tsx';
import { skipAll, useFirstStart } from './first-start-state.ts';
import './first-start.css';
import { KnowledgeStep } from './parts/knowledge-step.tsx';
import { LibraryStep } from './parts/library-step.tsx';
import { ProviderStep } from './parts/provider-step.tsx';
import { Side } from './parts/side.tsx';

/** The window of a new workspace: library, provider, knowledge, each to be done or left. */
export function FirstStartPage() {
  const { step, error } = useFirstStart();
  return (
    <div className="first" role="dialog" aria-modal="true" aria-label="Welcome to Carrel">
      <header className="titlebar">
        <div className="pl-4">
          <span className="ink-2 small">Setting up a new workspace</span>
        </div>
        <div className="end">
          <Button size="small" kind="quiet" onClick={skipAll}>
            Skip
          </Button>
        </div>
      </header>
      <EngineNotice />
      <Side />
      <main className="stage">
        <div className="inner">
          {error && <ErrorBanner error={error} on={{ retry: skipAll }} stacked />}
          {step === 'library' && <LibraryStep />}
          {step === 'provider' && <ProviderStep />}
          {step === 'knowledge' && <KnowledgeStep />}
        </div>
      </main>
    </div>
  );
}
