import type { Credentials } from '../../remote-access.ts';
import type { Remote } from '../../remote-url.ts';
import { httpTransport } from './http.ts';
import { localTransport } from './local.ts';
import { bodyOf, collectBody, type Transport, type TransportOptions } from './transport.ts';

/**
 * The transport for a remote. Within one job the advertisement of refs is asked for once: what was
 * looked at is then exactly what is fetched.
 */
export function openTransport(
  remote: Remote,
  credentials: Credentials | null,
  options: TransportOptions,
): Transport {
  return askOnce(
    remote.kind === 'http'
      ? httpTransport(remote.url, credentials ?? remote.credentials, options)
      : localTransport(remote.path, options),
  );
}

function askOnce(inner: Transport): Transport {
  let kept: Promise<{ headers: Record<string, string>; bytes: Buffer }> | null = null;
  return {
    ...inner,
    async request(wire) {
      if (wire.url !== `${inner.wireUrl}/info/refs?service=git-upload-pack`) {
        return inner.request(wire);
      }
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
