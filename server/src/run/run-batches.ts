/** Builds a microbatch model: its batches one after the other, each in its own transaction; what fails can be retried alone. */

import { define } from '../project/context/host.ts';
import { datetimeFromMillis } from '../project/context/modules/index.ts';
import type { EventTimeFilter } from '../project/context/relation.ts';
import { TemplateError, type Value } from '../jinja/index.ts';
import {
  batchesOf,
  batchId,
  batchName,
  BATCH_SIZES,
  parseTime,
  timeText,
  type BatchSize,
  type TimeSpan,
} from '../project/microbatch.ts';
import { isConfig } from '../project/config.ts';
import type { GraphNode, ManifestNode } from '../project/nodes.ts';
import type { Flags } from '../project/settings.ts';
import type { BatchResults } from './results.ts';

/** One batch as the compiler and the materialization need it. */
export interface BatchVariant {
  /** The model with `batch` in it, and with hooks only where they belong. */
  readonly node: ManifestNode;
  /** The batch's part of the names of files. */
  readonly name: string;
  readonly span: TimeSpan;
  /** Macros that answer otherwise while a batch is merged into what is there. */
  readonly macroOverrides: ReadonlyMap<string, Value>;
}

export interface BatchRun {
  readonly node: ManifestNode;
  readonly flags: Flags;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What a retry found done and left undone. */
  readonly previous: BatchResults | undefined;
  /** The type of the relation that stands there. */
  readonly existing: string | null;
  /** Throws a TemplateError where the batch cannot be built. */
  build(variant: BatchVariant): Promise<void>;
  onFailure(batch: string, error: TemplateError): void;
}

/** What this run did. The first batch makes the table: when it fails there is nothing that the others could go into. */
export async function runBatches(run: BatchRun): Promise<BatchResults> {
  const isIncremental = buildsOn(run);
  const batches = run.previous?.failed ?? plannedBatches(run, isIncremental);
  const successful: TimeSpan[] = [];
  const failed: TimeSpan[] = [];
  let isOver = false;
  for (const [index, span] of batches.entries()) {
    if (isOver) {
      failed.push(span);
      continue;
    }
    const variant = variantOf(run.node, span, {
      isFirst: index === 0,
      isLast: index === batches.length - 1,
      isIncremental: index > 0 || isIncremental,
    });
    try {
      await run.build(variant);
      successful.push(span);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      run.onFailure(variant.name, error);
      failed.push(span);
      isOver = index === 0 || error.kind === 'cancelled';
    }
  }
  return { successful, failed };
}

function buildsOn({ node, flags, existing }: BatchRun): boolean {
  if (existing !== 'table') return false;
  const asked = node.config.full_refresh;
  return typeof asked === 'boolean' ? !asked : flags.fullRefresh !== true;
}

function plannedBatches(run: BatchRun, isIncremental: boolean): TimeSpan[] {
  const { begin, lookback } = run.node.config;
  const { eventTimeStart, eventTimeEnd } = run.flags;
  const from = eventTimeStart === undefined ? undefined : parseTime(eventTimeStart);
  const to = eventTimeEnd === undefined ? undefined : parseTime(eventTimeEnd);
  return batchesOf({
    size: batchSize(run.node),
    begin: parseTime(String(begin)) ?? 0,
    lookback: typeof lookback === 'number' ? lookback : 1,
    isIncremental,
    asked: from === undefined || to === undefined ? null : [from, to],
    now: run.now,
  });
}

function batchSize(node: ManifestNode): BatchSize {
  return BATCH_SIZES.find((size) => size === node.config.batch_size) ?? 'day';
}

function variantOf(
  node: ManifestNode,
  span: TimeSpan,
  at: { readonly isFirst: boolean; readonly isLast: boolean; readonly isIncremental: boolean },
): BatchVariant {
  const size = batchSize(node);
  const [start, end] = span;
  const from = datetimeFromMillis(start);
  const to = datetimeFromMillis(end);
  return {
    node: {
      ...node,
      config: {
        ...node.config,
        ...(at.isFirst ? {} : { 'pre-hook': [] }),
        ...(at.isLast ? {} : { 'post-hook': [] }),
        __dbt_internal_microbatch_event_time_start: from,
        __dbt_internal_microbatch_event_time_end: to,
      },
      batch: { id: batchId(start, size), event_time_start: from, event_time_end: to },
    },
    name: batchName(start, size),
    span,
    macroOverrides: at.isIncremental
      ? new Map([
          ['is_incremental', define('is_incremental', '', () => true)],
          ['should_full_refresh', define('should_full_refresh', '', () => false)],
        ])
      : new Map(),
  };
}

/** What a batch reads of an input that says which of its columns is the time of an event. */
export function eventTimeFilter(target: GraphNode, [start, end]: TimeSpan): EventTimeFilter | null {
  const { event_time: column } = target.config;
  if (typeof column !== 'string' || column === '') return null;
  const quoting = 'quoting' in target ? target.quoting : target.config.quoting;
  const ownQuote = 'columns' in target ? target.columns[column]?.quote : null;
  const isQuoted = ownQuote ?? (isConfig(quoting) && quoting.column === true);
  return { field: isQuoted ? `"${column}"` : column, start: timeText(start), end: timeText(end) };
}
