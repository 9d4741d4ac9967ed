/** One figure of a bench. `holds` says whether it keeps its budget; a figure without one holds. */
export interface BenchRow {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  /** What was measured in the same run to compare with, and this value over that one. */
  readonly peer?: string;
  readonly ratio?: number;
  readonly budget?: string;
  readonly holds: boolean;
}

export interface BenchResult {
  readonly name: string;
  readonly rows: readonly BenchRow[];
}

export interface Bench {
  readonly name: string;
  run(): Promise<BenchResult>;
}
