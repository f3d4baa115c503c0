/** The sentences of verdicts. */

import type { DoubleCounting } from '../sql/grain/double-counting.ts';

/** `aggregate` as written. */
export function doubleCountingMessage({ repeated, by }: DoubleCounting, aggregate: string): string {
  const others = by.length > 0 ? by.join(' and ') : 'the join';
  return `${aggregate} counts a row of ${repeated} more than once: ${others} can have several rows for one of ${repeated}. Aggregate ${others} first, or join on a key of it.`;
}
