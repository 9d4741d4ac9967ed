import { resolve } from 'node:path';

const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/carrel-test-workers');

/**
 * Workers that are started from source compile the same modules each time, a third of a test's work:
 * from now on those of this process keep them compiled.
 */
export function warmWorkers(): void {
  process.env['NODE_COMPILE_CACHE'] ??= CACHE;
}
