import { LibraryClient } from '../../helpers/library-rig-client.ts';
import { Ledger } from '../../helpers/library-rig-ledger.ts';
import type { CrashOrder } from './crash.helper.ts';

/** One job in a process of its own, so that somebody can kill it. Tells when it begins. */
process.on('message', (order: CrashOrder) => {
  const client = new LibraryClient('ada', order.root, new Ledger());
  client.now = order.now;
  process.send?.('begins');
  run(client, order).then(
    () => process.send?.('done'),
    (error: unknown) => process.send?.(`failed: ${String(error)}`),
  );
});
process.send?.('ready');

async function run(client: LibraryClient, { job, path }: CrashOrder): Promise<unknown> {
  switch (job) {
    case 'check':
      return client.check();
    case 'update':
      return client.update();
    case 'publish':
      return client.publish();
    case 'resolve':
      return path === null ? client.update() : client.resolve(path, { kind: 'theirs' });
  }
}
