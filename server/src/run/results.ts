/** What running a node gives: the values that events, terminals and run_results.json are made of. */

export type NodeStatus =
  'success' | 'error' | 'skipped' | 'partial success' | 'pass' | 'fail' | 'warn' | 'runtime error' | 'no-op';

/** Times are milliseconds since the epoch; a fraction keeps the microseconds. */
export interface StepTiming {
  readonly name: 'compile' | 'execute';
  readonly startedAt: number | null;
  readonly completedAt: number | null;
}

/** Start and end of one batch of a microbatch model, in milliseconds since the epoch. */
export type Batch = readonly [start: number, end: number];

export interface BatchResults {
  readonly successful: readonly Batch[];
  readonly failed: readonly Batch[];
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
