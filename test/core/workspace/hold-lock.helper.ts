/** A process of its own that tries to take a lock, says what came of it, and holds it until it is ended. */
import { acquireEngineLock } from '../../../src-main/core/workspace/engine-lock.ts';
import { silentLogger } from '../../../src-main/core/shared/logger.ts';

const [file = ''] = process.argv.slice(2);
process.send?.('ready');
process.once('message', () => {
  acquireEngineLock(file, silentLogger).then(
    () => process.send?.('held'),
    (error: { code?: string }) => process.send?.(error.code ?? 'no code'),
  );
});
process.on('disconnect', () => process.exit(0));
