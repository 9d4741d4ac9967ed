import type { Check } from '../../../src-contract/health.ts';

/** A part of Carrel that can say how it is. A check never throws for what it finds: it says `fail` with a remedy. */
export interface HealthSource {
  checks(): Promise<readonly Check[]>;
}
