import type { AppError } from '../../src-contract/app-error.ts';
import { ErrorBanner } from '../ui/error-banner.tsx';
import { Running } from '../ui/icon.tsx';
import { useDelayed } from '../ui/use-delayed.ts';
import { useWatch } from '../watch.ts';
import { AppMark } from './app-mark.tsx';

/** The window before the engine has answered once. */
export function Starting({
  error,
  onRetry,
}: {
  readonly error: AppError | null;
  readonly onRetry: () => void;
}) {
  const engine = useWatch((state) => state.engine);
  const late = useDelayed(error === null);
  const failed = engine.kind === 'failed' ? { ...engine, message: engine.reason } : null;
  return (
    <main className="grid h-full place-items-center bg-paper p-8">
      <div className="grid w-full max-w-measure justify-items-center gap-4">
        <AppMark className="size-10" />
        {failed && (
          <ErrorBanner
            error={{ code: 'engine/failed', message: failed.message, remedy: failed.remedy }}
            on={{ retry: () => window.location.reload() }}
            stacked
          />
        )}
        {!failed && error && <ErrorBanner error={error} on={{ retry: onRetry }} stacked />}
        {!failed && !error && late && (
          <p className="state" role="status">
            <Running />
            {engine.kind === 'restarting'
              ? `Starting the engine again: ${engine.reason}`
              : 'Starting the engine'}
          </p>
        )}
      </div>
    </main>
  );
}
