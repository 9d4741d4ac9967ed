import { AppError } from '../../src-contract/app-error.ts';

/** What the command line ends with; scripts rely on it. */
export const EXIT = { ok: 0, failed: 1, usage: 2, locked: 3, decision: 4, policy: 5 } as const;

/** Codes that mean "no key, or not unlocked". */
const LOCKED =
  /^vault\/(locked|wrong-key|bad-key|no-key|key-.*|missing-.*|backend-changed|slot-.*|damaged-keys|keys-.*)$/;
/** Codes that wait for a person's choice. */
const DECISION = /^(library\/(conflict|diverged|needs-decision)|workspace\/not-confirmed)$/;
const POLICY = /^policy\//;
/** A command line that can't be carried out as written. */
const USAGE = /^(usage\/|router\/(invalid-input|input-too-large)$)/;

export function exitCodeOf(error: unknown): number {
  if (!(error instanceof AppError)) return EXIT.failed;
  if (USAGE.test(error.code)) return EXIT.usage;
  if (LOCKED.test(error.code)) return EXIT.locked;
  if (DECISION.test(error.code)) return EXIT.decision;
  if (POLICY.test(error.code)) return EXIT.policy;
  return EXIT.failed;
}
