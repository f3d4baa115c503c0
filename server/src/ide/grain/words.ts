/** What is known of keys, in words. */

import type { Repeating } from './certainty.ts';

/** `a`, `a and b`, `a, b and c`. */
export function named(list: readonly string[]): string {
  const last = list.at(-1) ?? '';
  const others = list.slice(0, -1);
  return others.length === 0 ? last : `${others.join(', ')} and ${last}`;
}

/** `one row per order_id, payment_id`; without columns: `one row`. */
export function rowPer(columns: readonly string[]): string {
  return columns.length === 0 ? 'at most one row' : `one row per ${columns.join(', ')}`;
}

/** `, which has one row per payment_id and may have several for one order_id`; empty where there is nothing to say. */
export function whichHas({ keys, joinedBy }: Repeating): string {
  const [key] = keys;
  if (!key || key.length === 0) return '';
  const several = joinedBy.length > 0 ? ` and may have several for one ${joinedBy.join(', ')}` : '';
  return `, which has ${rowPer(key)}${several}`;
}
