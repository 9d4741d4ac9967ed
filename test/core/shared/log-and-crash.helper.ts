/** A process that logs one line and ends at once: before pino was loaded. */
import { systemClock } from '../../../src-main/core/shared/clock.ts';
import { createPinoLogger } from '../../../src-main/core/shared/pino-logger.ts';

const [dir = '', level = 'info'] = process.argv.slice(2);
const logger = createPinoLogger({ dir, level: 'debug', clock: systemClock });
if (level === 'error') logger.error('last words', { key: 'canary-1' });
else logger.info('last words', { key: 'canary-1' });
process.exit(1);
