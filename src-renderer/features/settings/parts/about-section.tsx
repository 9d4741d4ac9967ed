import { call } from '../../../bridge.ts';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { AppMark } from '../../../frame/app-mark.tsx';
import { Facts } from '../../../ui/parts.tsx';
import { useQuery } from './use-query.ts';

const SHELLS = { desktop: 'desktop window', web: 'browser', cli: 'terminal' } as const;

export function AboutSection() {
  const { value: info, error, read } = useQuery(() => call('app.info', {}));
  return (
    <>
      <div className="flex items-center gap-3">
        <AppMark className="size-10" />
        <div>
          <h2>Carrel</h2>
          <p className="ink-2">A private desk inside a library.</p>
        </div>
      </div>
      {error && <ErrorBanner error={error} on={{ retry: read }} />}
      {info && (
        <Facts
          className="roomy"
          rows={[
            ['Version', info.version],
            ['Runs in', `${SHELLS[info.shell]}, ${info.platform}`],
            ['Node', info.node],
            ['Electron', info.electron],
            ['Workspace', info.workspace.name],
            ['Store', `version ${info.store.schema}, ${info.store.cipher}`],
            ['Data directory', <code key="dir">{info.dataDir}</code>],
          ]}
        />
      )}
    </>
  );
}
