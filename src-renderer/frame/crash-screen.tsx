import { Component, type ReactNode } from 'react';
import { asAppError } from '../bridge.ts';
import { ErrorBanner } from '../ui/error-banner.tsx';

interface Props {
  readonly children: ReactNode;
}

/** Catches what a screen throws while it draws, so that the rest of the window lives on. */
export class CrashScreen extends Component<Props, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <main className="content p-6" data-region="content" tabIndex={-1}>
        <ErrorBanner
          error={asAppError(this.state.error)}
          on={{ retry: () => window.location.reload() }}
        />
      </main>
    );
  }
}
