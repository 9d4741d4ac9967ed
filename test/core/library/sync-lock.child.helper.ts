import { acquireLibraryLock } from '../../../src-main/core/library/git/library-lock.ts';

/** Takes the lock of a library and holds it until somebody kills this process. */
await acquireLibraryLock(process.argv[2] ?? '');
process.send?.('held');
setInterval(() => undefined, 60_000);
