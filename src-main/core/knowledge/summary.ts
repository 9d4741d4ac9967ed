import type { AddSummary } from '../../../src-contract/knowledge.ts';
import type { Outcome } from './index/jobs.ts';
import { MAX_TOLD_FAILURES } from './limits.ts';

/** Counts what became of the files of one run. */
export class Summary {
  readonly #collection: string;
  readonly #failed: AddSummary['files']['failed'] = [];
  #total = 0;
  #indexed = 0;
  #unchanged = 0;
  #skipped = 0;
  #chunks = 0;
  #bytes = 0;

  constructor(collection: string) {
    this.#collection = collection;
  }

  get done(): number {
    return this.#total;
  }

  count(outcome: Outcome): void {
    this.#total += 1;
    this.#chunks += outcome.chunks;
    switch (outcome.state) {
      case 'indexed':
        this.#indexed += 1;
        this.#bytes += outcome.bytes;
        return;
      case 'unchanged':
        this.#unchanged += 1;
        this.#bytes += outcome.bytes;
        return;
      case 'skipped':
        this.#skipped += 1;
        return;
      case 'failed':
        if (this.#failed.length < MAX_TOLD_FAILURES) {
          this.#failed.push({
            path: outcome.path,
            code: outcome.error?.code ?? 'internal',
            message: outcome.error?.message ?? '',
          });
        }
    }
  }

  finish(ms: number): AddSummary {
    return {
      collection: this.#collection,
      files: {
        total: this.#total,
        indexed: this.#indexed,
        unchanged: this.#unchanged,
        skipped: this.#skipped,
        failed: this.#failed,
      },
      chunks: this.#chunks,
      bytes: this.#bytes,
      ms,
    };
  }
}
