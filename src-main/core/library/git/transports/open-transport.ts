import type { RemoteAccess } from '../../remote-access.ts';
import type { Remote } from '../../remote-url.ts';
import { openAccelerator } from '../accelerator.ts';
import { httpTransport } from './http.ts';
import { localTransport } from './local.ts';
import { sshTransport } from './ssh.ts';
import {
  bodyOf,
  collectBody,
  type Transport,
  type TransportOptions,
  wireStep,
} from './transport.ts';

/**
 * The transport for a remote. Close it when the job is done.
 *
 * Until something is sent to the remote its refs are asked for once (`git-upload-pack`): what was
 * looked at is then exactly what is fetched. Before each push they are asked anew.
 */
export function openTransport(
  remote: Remote,
  access: RemoteAccess,
  options: TransportOptions,
): Transport {
  return {
    ...askOnce(transportOf(remote, access, options)),
    accelerator: openAccelerator(remote, access, options),
  };
}

function transportOf(remote: Remote, access: RemoteAccess, options: TransportOptions): Transport {
  switch (remote.kind) {
    case 'http':
      return httpTransport(remote.url, access.credentials ?? remote.credentials, options);
    case 'ssh':
      return sshTransport(remote, access.ssh, options);
    case 'local':
      return localTransport(remote.path, options);
  }
}

function askOnce(inner: Transport): Transport {
  let kept: Promise<{ headers: Record<string, string>; bytes: Buffer }> | null = null;
  return {
    ...inner,
    async request(wire) {
      const { service, step } = wireStep(inner.wireUrl, wire.url);
      // A push looks at the refs as they are now and may move them: what was seen before is past.
      if (service === 'git-receive-pack') kept = null;
      if (service === 'git-receive-pack' || step === 'send') return inner.request(wire);
      kept ??= inner.request(wire).then(async (answer) => ({
        headers: answer.headers,
        bytes: await collectBody(answer.body),
      }));
      const { headers, bytes } = await kept;
      return {
        url: wire.url,
        statusCode: 200,
        statusMessage: 'OK',
        headers,
        body: bodyOf(bytes),
      };
    },
  };
}
