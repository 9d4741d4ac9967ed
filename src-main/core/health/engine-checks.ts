import type { Check, CheckState } from '../../../src-contract/health.ts';
import type { LoopDelay } from './event-loop-watch.ts';
import { bytesInWords, makeCheck } from './make-check.ts';
import type { HealthSource } from './ports.ts';

/** Above the peak that is planned while a large folder is indexed. */
const WARN_MEMORY_BYTES = 1_000_000_000;
const FAIL_MEMORY_BYTES = 2_500_000_000;
/** A person notices an answer that hesitates for a fifth of a second; a second is a standstill. */
const WARN_DELAY_MS = 200;
const FAIL_DELAY_MS = 1_000;

export interface EngineFacts {
  /** Resident memory of this process, bytes. */
  memoryBytes(): number;
  /** Null while there is too little to tell. */
  loopDelay(): LoopDelay | null;
}

export function engineChecks(engine: EngineFacts): HealthSource {
  return {
    checks: () => Promise.resolve([memory(engine.memoryBytes()), loop(engine.loopDelay())]),
  };
}

function memory(bytes: number): Check {
  const state = stateOf(bytes, WARN_MEMORY_BYTES, FAIL_MEMORY_BYTES);
  return makeCheck({
    id: 'memory',
    title: 'Memory of the engine',
    state,
    value: bytes,
    unit: 'bytes',
    message: `The engine uses ${bytesInWords(bytes)}.`,
    remedy: state === 'ok' ? null : 'Let indexing end, then start Carrel again if it stays.',
  });
}

function loop(delay: LoopDelay | null): Check {
  const shown = { id: 'responsiveness', title: 'Responsiveness of the engine' };
  if (!delay) return makeCheck({ ...shown, state: 'ok', message: 'Being measured.' });
  const { p99Ms, maxMs } = delay;
  const state = stateOf(p99Ms, WARN_DELAY_MS, FAIL_DELAY_MS);
  return makeCheck({
    ...shown,
    state,
    value: p99Ms,
    unit: 'ms',
    message: `99 of 100 turns waited less than ${p99Ms + 1} ms in the last minute, the longest ${maxMs} ms.`,
    remedy:
      state === 'ok' ? null : 'End other programs that use the processor; the logs may say more.',
  });
}

function stateOf(value: number, warn: number, fail: number): CheckState {
  if (value >= fail) return 'fail';
  return value >= warn ? 'warn' : 'ok';
}
