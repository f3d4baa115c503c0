/** Times in the generated data: eight weeks of history, then a week per batch. All are UTC, in milliseconds. */

import type { Random } from './random.ts';
import type { Arrival } from './size.ts';

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;
export const week = 7 * day;

/** The Monday on which the history starts. */
export const firstMonday = Date.UTC(2025, 0, 6);
const weeksOfHistory = 8;

/**
 * A moment that fits a load: anywhere in the history for the first one, in the batch's own week for the others,
 * except for the rows that come late. Each 29th row stands on the last second of a week, the next on the first.
 */
export function momentIn(random: Random, arrival: Arrival, row: number): number {
  const late = arrival > 0 && row % 9 === 4;
  const weekNumber = arrival === 0 || late ? random.below(weeksOfHistory) : weeksOfHistory + arrival - 1;
  const start = firstMonday + weekNumber * week;
  if (row % 29 === 7) return start + week - second;
  if (row % 29 === 8) return start;
  return start + random.below(week / second) * second;
}

/** ISO 8601 without a zone, as the files of the raw layer write it. */
export function isoWithoutZone(moment: number): string {
  return new Date(moment).toISOString().slice(0, 19);
}
