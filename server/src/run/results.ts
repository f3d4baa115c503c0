/** What running a node gives: the values that events, terminals and run_results.json are made of. */

import type { TimeSpan } from '../project/microbatch.ts';

export type NodeStatus =
  'success' | 'error' | 'skipped' | 'partial success' | 'pass' | 'fail' | 'warn' | 'runtime error' | 'no-op';

/** Times are milliseconds since the epoch; a fraction keeps the microseconds. */
export interface StepTiming {
  readonly name: 'compile' | 'execute';
  readonly startedAt: number | null;
  readonly completedAt: number | null;
}

/** Start and end of one batch of a microbatch model. */
export type Batch = TimeSpan;

export interface BatchResults {
  readonly successful: readonly Batch[];
  readonly failed: readonly Batch[];
}

/** What a retry knows of the run that it takes up. */
export interface RetriedRun {
  /** In milliseconds since the epoch: batches are counted up to here again. */
  readonly startedAt: number;
  /** Batches that were built, and those that were left, of models that were built in part. */
  readonly batches: ReadonlyMap<string, BatchResults>;
}

export interface NodeResult {
  readonly uniqueId: string;
  readonly status: NodeStatus;
  readonly timing: readonly StepTiming[];
  readonly threadId: string;
  /** Seconds. */
  readonly executionTime: number;
  readonly adapterResponse: Record<string, unknown>;
  readonly message: string | null;
  readonly failures: number | null;
  /** Null for what is never compiled, such as a seed. */
  readonly compiled: boolean | null;
  readonly compiledCode: string | null;
  readonly relationName: string | null;
  readonly batchResults?: BatchResults | null;
  /** Of a unit test that failed. */
  readonly difference?: RowDifference;
}

/** The rows of a unit test: those that were expected and did not come, those that came instead, those that agree. */
export interface RowDifference {
  readonly columns: readonly string[];
  /** Cells as text; NULL is the word. */
  readonly rows: readonly {
    readonly kind: 'same' | 'expected' | 'actual';
    readonly cells: readonly string[];
  }[];
}

/** One source's freshness: measured, or the error that kept it from being measured. */
export type FreshnessResult = MeasuredFreshness | FreshnessError;

export interface MeasuredFreshness {
  readonly uniqueId: string;
  readonly status: 'pass' | 'warn' | 'error';
  /** Milliseconds since the epoch. */
  readonly maxLoadedAt: number;
  /** Milliseconds since the epoch. */
  readonly snapshottedAt: number;
  /** Seconds between the two. */
  readonly age: number;
  /** The source's `freshness`, as its manifest entry has it. */
  readonly criteria: Record<string, unknown>;
  readonly adapterResponse: Record<string, unknown>;
  readonly timing: readonly StepTiming[];
  readonly threadId: string;
  /** Seconds. */
  readonly executionTime: number;
}

export interface FreshnessError {
  readonly uniqueId: string;
  readonly status: 'runtime error';
  readonly message: string | null;
}
