/** What a run tells while it goes: one closed union for terminals, editors, pages and tests. */

import type { Diagnostic, Place } from '../base/diagnostic.ts';
import type { NodeResult } from './results.ts';

export type RunEvent = RunStarted | NodeStarted | NodeFinished | RunMessage | RunFinished;

export interface RunStarted {
  readonly kind: 'run-started';
  readonly total: number;
  readonly threads: number;
  readonly target: string;
}

export interface NodeStarted {
  readonly kind: 'node-started';
  readonly uniqueId: string;
  /** One-based. */
  readonly index: number;
  readonly total: number;
  /** Such as `sql table model analytics.fct_orders`. */
  readonly description: string;
}

export interface NodeFinished {
  readonly kind: 'node-finished';
  readonly result: NodeResult;
  readonly index: number;
  readonly total: number;
  readonly description: string;
  /** Where an error stands in the user's file. */
  readonly place?: Place;
  /** The places in macros that led to it, innermost first. */
  readonly related?: NonNullable<Diagnostic['related']>;
  /** Somebody stopped it; its status is dbt's, an error. */
  readonly stopped?: true;
}

/** A line from a template, a warning, a hook. */
export interface RunMessage {
  readonly kind: 'message';
  readonly level: 'debug' | 'info' | 'warning' | 'print';
  readonly text: string;
  readonly uniqueId: string | null;
}

export interface RunFinished {
  readonly kind: 'run-finished';
  readonly results: readonly NodeResult[];
  /** Seconds. */
  readonly elapsed: number;
}
