import { useRef, useState, type ReactNode } from 'react';
import type { ErrorShape } from '../../src-contract/app-error.ts';
import { asAppError, call } from '../bridge.ts';
import { CopyButton } from '../markdown/copy-button.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorBanner } from '../ui/error-banner.tsx';
import { Facts } from '../ui/parts.tsx';
import './remote.css';

/** Port of SSH where none is said. */
const SSH_PORT = 22;

interface TrustHostProps {
  /** `library/host-unknown` with its data. */
  readonly error: ErrorShape;
  readonly onTrusted: () => void;
  readonly onClose: () => void;
}

/** Shows the key of a host that is met for the first time, to be compared with what its owner says. */
export function TrustHostDialog({ error, onTrusted, onClose }: TrustHostProps): ReactNode {
  const safe = useRef<HTMLButtonElement>(null);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<ErrorShape | null>(null);
  const { host, port, keyType, fingerprint } = hostOf(error);

  async function trust(): Promise<void> {
    setBusy(true);
    setFailed(null);
    try {
      await call('library.trustHost', { host, port, fingerprint });
      onTrusted();
    } catch (failure) {
      setFailed(asAppError(failure).toShape());
      setBusy(false);
    }
  }

  return (
    <Dialog
      title={`Is this the key of ${host}?`}
      description="Carrel has not spoken with this host before. Nothing was sent. Compare the fingerprint with the one that its owner tells you, by another way than this connection."
      className="wide"
      onClose={onClose}
      initialFocus={safe}
      footer={
        <>
          <Button ref={safe} onClick={onClose}>
            Do not trust it
          </Button>
          <Button busy={busy} disabled={fingerprint === ''} onClick={() => void trust()}>
            It is the same: trust this host
          </Button>
        </>
      }
    >
      <Facts
        className="roomy"
        rows={[
          ['Host', port === SSH_PORT ? host : `${host}, port ${port}`],
          ['Kind of key', keyType === '' ? null : keyType],
          [
            'Fingerprint',
            <span key="fingerprint" className="fingerprint">
              <code>{fingerprint}</code>
              <CopyButton label="Copy the fingerprint" text={() => fingerprint} />
            </span>,
          ],
        ]}
      />
      {failed && <ErrorBanner error={failed} stacked />}
    </Dialog>
  );
}

function hostOf({ data = {} }: ErrorShape): {
  host: string;
  port: number;
  keyType: string;
  fingerprint: string;
} {
  const text = (key: string): string => (typeof data[key] === 'string' ? data[key] : '');
  const port = data['port'];
  return {
    host: text('host'),
    port: typeof port === 'number' ? port : SSH_PORT,
    keyType: text('keyType'),
    fingerprint: text('fingerprint'),
  };
}
