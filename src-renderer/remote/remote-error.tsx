import { lazy, Suspense, useState, type ReactNode } from 'react';
import type { ErrorShape } from '../../src-contract/app-error.ts';
import { ErrorBanner, type RemedyHandlers } from '../ui/error-banner.tsx';

const AccessDialog = lazy(async () => ({
  default: (await import('./access-dialog.tsx')).AccessDialog,
}));
const TrustHostDialog = lazy(async () => ({
  default: (await import('./trust-host-dialog.tsx')).TrustHostDialog,
}));

interface RemoteErrorProps {
  readonly error: ErrorShape;
  /** The remote that was asked; null where it is not known. */
  readonly url: string | null;
  /** Does again what failed. */
  readonly onRetry: () => void;
  readonly on?: RemedyHandlers;
  readonly onDismiss?: () => void;
  readonly stacked?: boolean;
}

/** An error of a remote: access is given and a host confirmed here, and then what failed is done again. */
export function RemoteError(props: RemoteErrorProps): ReactNode {
  const { error, url, onRetry, on, ...rest } = props;
  const [dialog, setDialog] = useState<'access' | 'host' | null>(null);
  const close = (): void => setDialog(null);
  const goOn = (): void => {
    close();
    onRetry();
  };
  return (
    <>
      <ErrorBanner
        {...rest}
        error={error}
        on={{
          retry: onRetry,
          'trust-host': () => setDialog('host'),
          ...(url === null ? {} : { 'give-access': () => setDialog('access') }),
          ...on,
        }}
      />
      <Suspense fallback={null}>
        {dialog === 'access' && url !== null && (
          <AccessDialog url={url} go="Save and try again" onSaved={goOn} onClose={close} />
        )}
        {dialog === 'host' && <TrustHostDialog error={error} onTrusted={goOn} onClose={close} />}
      </Suspense>
    </>
  );
}
