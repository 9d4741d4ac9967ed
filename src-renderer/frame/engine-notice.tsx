import type { ReactElement } from 'react';
import type { EngineState } from '../../src-contract/protocol.ts';
import { retryEngine } from '../bridge.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { useDelayed } from '../ui/use-delayed.ts';
import { dismissRestarted, useWatch } from '../watch.ts';

/** The thin banner under the title bar: what the engine does when it does not simply run. */
export function EngineNotice() {
  const { engine, restarted } = useWatch();
  const starting = useDelayed(engine.kind === 'starting');
  return (
    <div className="notice">
      {engine.kind === 'starting' ? (
        starting && <Troubled engine={engine} />
      ) : (
        <Troubled engine={engine} />
      )}
      {restarted && engine.kind === 'running' && (
        <Banner
          thin
          tone="ok"
          title="The engine was restarted. What was stored is safe."
          actions={
            <IconButton icon="close" name="Dismiss" size="tiny" onClick={dismissRestarted} />
          }
        />
      )}
    </div>
  );
}

function Troubled({ engine }: { readonly engine: EngineState }): ReactElement | null {
  switch (engine.kind) {
    case 'starting':
      return <Banner thin tone="info" title="The engine is starting." />;
    case 'restarting':
      return (
        <Banner thin tone="warn" title="The engine ended and is being started again.">
          {`What was stored is safe. Cause: ${engine.reason}.`}
        </Banner>
      );
    case 'failed':
      return (
        <Banner
          thin
          tone="fail"
          title={engine.reason}
          actions={
            <Button size="small" onClick={retryEngine}>
              Try again
            </Button>
          }
        >
          {engine.remedy}
        </Banner>
      );
    case 'running':
      return engine.silentSeconds === undefined ? null : (
        <Banner
          thin
          tone="warn"
          title={`The engine has not answered for ${engine.silentSeconds} s.`}
        >
          It is restarted if this goes on. What was stored is safe.
        </Banner>
      );
  }
}
