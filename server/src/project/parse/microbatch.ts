/** What a microbatch model must say of its batches. */

import { repr, fromJs } from '../../jinja/index.ts';
import { BATCH_SIZES, isMicrobatch, parseTime, usesBatches } from '../microbatch.ts';
import type { ManifestNode } from '../nodes.ts';
import type { Place } from '../../base/diagnostic.ts';
import type { ParseSession } from './session.ts';

export function checkMicrobatch(
  session: ParseSession,
  nodes: Iterable<ManifestNode>,
  placeOf: (node: ManifestNode) => Place | undefined,
): void {
  const models = [...nodes].filter(isMicrobatch);
  if (models.length === 0 || !usesBatches(session.world)) return;
  for (const node of models) {
    const message = complaint(node);
    if (message !== undefined)
      session.problems.error('microbatch', `Microbatch model '${node.name}' ${message}`, placeOf(node));
  }
}

function complaint({ config }: ManifestNode): string | undefined {
  const { event_time: eventTime, begin, batch_size: size, lookback, concurrent_batches: concurrent } = config;
  if (isAbsent(eventTime))
    return "must provide an 'event_time' (string) config that indicates the name of the event time column.";
  if (typeof eventTime !== 'string')
    return `must provide an 'event_time' config of type string, but got: ${shown(eventTime)}.`;
  if (isAbsent(begin))
    return "must provide a 'begin' (datetime) config that indicates the earliest timestamp the microbatch model should be built from.";
  if (typeof begin !== 'string')
    return `must provide a 'begin' config of type datetime, but got: ${shown(begin)}.`;
  if (parseTime(begin) === undefined)
    return `must provide a 'begin' config of valid datetime (ISO format), but got: ${begin}.`;
  if (!BATCH_SIZES.some((known) => known === size))
    return `must provide a 'batch_size' config that is one of ${shown([...BATCH_SIZES])}, but got: ${typeof size === 'string' ? size : shown(size)}.`;
  if (!isAbsent(lookback) && !Number.isInteger(lookback))
    return `must provide the optional 'lookback' config as a whole number, but got: ${shown(lookback)}.`;
  if (!isAbsent(concurrent) && typeof concurrent !== 'boolean')
    return `must provide the optional 'concurrent_batches' config as true or false, but got: ${shown(concurrent)}.`;
  return undefined;
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined;
}

function shown(value: unknown): string {
  return repr(fromJs(value));
}
