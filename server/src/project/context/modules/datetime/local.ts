/** The machine's own zone, as far as naive datetimes are read in it. */

import { TimeDelta } from './time-delta.ts';
import { FixedTimeZone } from './time-zone.ts';

/** The offset in microseconds of a local wall time given in microseconds since the epoch; `fold` picks between two. */
export function localOffset(wallMicros: bigint, fold: 0 | 1): bigint {
  const wall = Number(wallMicros / 1000n);
  const candidates = [offsetAt(wall - 86_400_000), offsetAt(wall + 86_400_000)];
  const valid = candidates.filter((offset) => offsetAt(wall - offset) === offset);
  const [first = 0, last = first] = valid.length > 0 ? valid : candidates;
  return BigInt(fold === 1 ? last : first) * 1000n;
}

/** The local zone with the offset that it has at a Unix time in microseconds. */
export function localZone(unixMicros: bigint): FixedTimeZone {
  const moment = Number(unixMicros / 1000n);
  const offset = offsetAt(moment);
  const name = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' })
    .formatToParts(new Date(moment))
    .find((part) => part.type === 'timeZoneName')?.value;
  return new FixedTimeZone(new TimeDelta(BigInt(offset) * 1000n), name ?? null);
}

/** Milliseconds east of UTC. */
function offsetAt(moment: number): number {
  return -new Date(moment).getTimezoneOffset() * 60_000;
}
