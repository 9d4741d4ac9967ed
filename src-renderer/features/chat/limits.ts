/** As the border allows it (`src-contract/limits.ts`); the engine checks it again. */
export { MAX_MESSAGE_CHARS } from '../../../src-contract/limits.ts';

/** From here on the counter shows: the last tenth. */
export const COUNTER_FROM = 0.9;
