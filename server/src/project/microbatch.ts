/** Microbatch models: incremental models that are built one slice of time after the other. */

import type { GraphNode, ManifestNode } from './nodes.ts';
import { isBuiltin } from './macros.ts';
import type { World } from './context/world.ts';

export const BATCH_SIZES = ['hour', 'day', 'month', 'year'] as const;
export type BatchSize = (typeof BATCH_SIZES)[number];

/** Start and end, in milliseconds since the epoch; the end is not part of it. */
export type TimeSpan = readonly [start: number, end: number];

export function isMicrobatch(node: GraphNode): node is ManifestNode {
  return (
    node.resource_type === 'model' &&
    node.config.materialized === 'incremental' &&
    node.config.incremental_strategy === 'microbatch'
  );
}

/** A project with a strategy of its own by that name gets no batches unless its flag asks for them. */
export function usesBatches(world: World): boolean {
  if (world.root.flags.require_batched_execution_for_custom_microbatch_strategy === true) return true;
  return ![...world.macros.packages].some(
    ([owner, macros]) => !isBuiltin(owner) && macros.has('get_incremental_microbatch_sql'),
  );
}

export interface BatchOptions {
  readonly size: BatchSize;
  readonly begin: number;
  /** How many batches before the current one an incremental run repeats. */
  readonly lookback: number;
  readonly isIncremental: boolean;
  /** `--event-time-start` and `--event-time-end`. */
  readonly asked: TimeSpan | null;
  readonly now: number;
}

/** The batches of one run, oldest first; at least one. */
export function batchesOf(options: BatchOptions): TimeSpan[] {
  const { size, asked } = options;
  const end = ceiling(asked ? asked[1] : options.now, size);
  const start = firstStart(options, end);
  const batches: TimeSpan[] = [];
  let from = start;
  do {
    const to = offset(from, size, 1);
    batches.push([from, to]);
    from = to;
  } while (from < end);
  const last = batches.at(-1);
  return last ? [...batches.slice(0, -1), [last[0], end]] : batches;
}

function firstStart(options: BatchOptions, end: number): number {
  const { size, asked } = options;
  if (asked) return truncate(asked[0], size);
  if (!options.isIncremental) return truncate(options.begin, size);
  // The end stands on a boundary, so that the batch which it closes is one further back.
  return offset(end, size, -(options.lookback + 1));
}

/** As dbt names a batch's files: `2026-01-31`, `2026-01-31T08`. */
export function batchName(start: number, size: BatchSize): string {
  const text = new Date(start).toISOString();
  return text.slice(0, { year: 4, month: 7, day: 10, hour: 13 }[size]);
}

/** `model.batch.id`, which is part of a temporary relation's name. */
export function batchId(start: number, size: BatchSize): string {
  return batchName(start, size).replaceAll('-', '');
}

/** As Python prints an aware UTC datetime: what the filters of a batch are written with. */
export function timeText(time: number): string {
  const text = new Date(time).toISOString();
  const fraction = text.slice(19, 23);
  return `${text.slice(0, 10)} ${text.slice(11, 19)}${fraction === '.000' ? '' : `${fraction}000`}+00:00`;
}

/** The wall clock of an ISO date or datetime, taken as UTC as dbt takes it; undefined for what is neither. */
export function parseTime(written: string): number | undefined {
  const parts =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(\.\d{1,6})?)?)?)?(?:Z|[+-]\d\d:?\d\d)?$/.exec(
      written.trim(),
    );
  if (!parts) return undefined;
  const [, day = '', hour = '00', minute = '00', second = '00', fraction = ''] = parts;
  const time = Date.parse(`${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`);
  return Number.isNaN(time) ? undefined : time;
}

function truncate(time: number, size: BatchSize): number {
  const date = new Date(time);
  const year = date.getUTCFullYear();
  const month = size === 'year' ? 0 : date.getUTCMonth();
  const day = size === 'year' || size === 'month' ? 1 : date.getUTCDate();
  return Date.UTC(year, month, day, size === 'hour' ? date.getUTCHours() : 0);
}

function offset(time: number, size: BatchSize, count: number): number {
  const date = new Date(truncate(time, size));
  if (size === 'year') date.setUTCFullYear(date.getUTCFullYear() + count);
  else if (size === 'month') date.setUTCMonth(date.getUTCMonth() + count);
  else if (size === 'day') date.setUTCDate(date.getUTCDate() + count);
  else date.setUTCHours(date.getUTCHours() + count);
  return date.getTime();
}

function ceiling(time: number, size: BatchSize): number {
  const truncated = truncate(time, size);
  return truncated === time ? time : offset(truncated, size, 1);
}
