import { openTransport } from '../git/transports/open-transport.ts';
import type { Transport } from '../git/transports/transport.ts';
import type { RemoteAccess } from '../remote-access.ts';
import { parseRemote } from '../remote-url.ts';
import type { JobContext } from './job-context.ts';

/** Runs one conversation with a remote and lets go of it. Bytes received are reported as `fetching`. */
export async function withRemote<T>(
  url: string,
  access: RemoteAccess,
  { signal, report }: JobContext,
  talk: (transport: Transport) => Promise<T>,
): Promise<T> {
  const transport = openTransport(parseRemote(url), access, {
    signal,
    onBytes: (bytes) => report('fetching', bytes, null),
  });
  try {
    return await talk(transport);
  } finally {
    transport.close();
  }
}
