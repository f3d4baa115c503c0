/** Unstable customer ids, three to an account, and the log of their merges. */

import { TableFiles } from './csv-file.ts';
import type { Cell } from './csv-file.ts';
import { isoWithoutZone, momentIn } from './clock.ts';
import { noValue } from './mess.ts';
import { randomFor } from './random.ts';
import { arrivals, laterOf, totalOf } from './size.ts';
import type { Arrival, World } from './size.ts';

const idsPerAccount = 3;

/** The accounts whose customer ids, cust_A to cust_X, only the hand-made merges below touch. */
const handMade = 8;

/** Numbered like the columns of a spreadsheet: cust_A, …, cust_Z, cust_AA, … */
export function customerId(number: number): string {
  let letters = '';
  for (let rest = number + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  }
  return `cust_${letters}`;
}

export function customerOfAccount(account: number, which: number): number {
  return account * idsPerAccount + (which % idsPerAccount);
}

type Merge = readonly [arrival: Arrival, from: Cell, to: Cell, mergedAt: string];

const merges: readonly Merge[] = [
  // A chain F → E → C → A whose middle arrives last, though it happened first.
  [0, 'cust_F', 'cust_E', '2025-01-20T09:00:00'],
  [0, 'cust_C', 'cust_A', '2025-02-03T09:00:00'],
  [2, 'cust_E', 'cust_C', '2025-01-13T09:00:00'],
  // The same merge again: at once, and later with another time.
  [0, 'cust_F', 'cust_E', '2025-01-20T09:00:00'],
  [1, 'cust_F', 'cust_E', '2025-03-04T11:30:00'],
  // One id merged into two others; the second time is the later one and is loaded last.
  [0, 'cust_H', 'cust_G', '2025-01-21T10:00:00'],
  [3, 'cust_H', 'cust_A', '2025-03-19T10:00:00'],
  // The same with the older of the two loaded last.
  [0, 'cust_I', 'cust_A', '2025-02-21T10:00:00'],
  [3, 'cust_I', 'cust_G', '2025-01-21T10:00:00'],
  // Into itself, alone and after a real merge.
  [0, 'cust_J', 'cust_J', '2025-01-22T10:00:00'],
  [0, 'cust_U', 'cust_V', '2025-01-22T10:00:00'],
  [1, 'cust_U', 'cust_U', '2025-03-05T10:00:00'],
  // A cycle of two that closes with a batch, and one of three with a tail.
  [0, 'cust_L', 'cust_K', '2025-01-23T10:00:00'],
  [2, 'cust_K', 'cust_L', '2025-03-12T10:00:00'],
  [0, 'cust_O', 'cust_M', '2025-01-24T10:00:00'],
  [0, 'cust_M', 'cust_N', '2025-01-25T10:00:00'],
  [1, 'cust_N', 'cust_O', '2025-03-06T10:00:00'],
  [1, 'cust_P', 'cust_O', '2025-03-06T11:00:00'],
  // Merges that say nothing, padded ids, ids no page ever carried.
  [0, 'N/A', 'cust_Q', '2025-01-26T10:00:00'],
  [0, 'cust_R', '', '2025-01-27T10:00:00'],
  [1, ' cust_T ', 'cust_S ', '2025-03-07T10:00:00'],
  [2, 'cust_never_seen', 'cust_W', '2025-03-13T10:00:00'],
];

export function writeMerges(world: World, directory: string): TableFiles {
  const files = new TableFiles(directory, 'identity_merges', [
    'from_customer_id',
    'to_customer_id',
    'merged_at',
  ]);
  for (const [arrival, ...cells] of merges) files.write(arrival, cells);
  for (let account = handMade; account < totalOf(world.accounts); account++) {
    for (const [arrival, ...cells] of mergesOf(world, account)) files.write(arrival, cells);
  }
  return files;
}

/** Merges among one account's ids, sometimes into another account's, sometimes in a circle. */
function mergesOf(world: World, account: number): Merge[] {
  const random = randomFor(world.seed, 'merges', account);
  const [first, second, third] = [0, 1, 2].map((which) => customerId(customerOfAccount(account, which)));
  if (first === undefined || second === undefined || third === undefined) return [];
  const merge = (from: string, to: string, after: Arrival = 0): Merge => {
    const arrival = laterOf(after, random.pick(arrivals as readonly [Arrival, ...Arrival[]]));
    return [arrival, from, to, isoWithoutZone(momentIn(random, arrival, account))];
  };
  const made: Merge[] = [];
  if (random.chance(0.35)) made.push(merge(second, first));
  if (random.chance(0.25)) made.push(merge(third, second));
  if (random.chance(0.05)) {
    const other = customerId(customerOfAccount(random.below(account), 0));
    made.push(merge(first, other));
  }
  if (random.chance(0.02)) made.push(merge(first, third));
  if (random.chance(0.1))
    made.push(...made.slice(0, 1).map(([arrival, from, to]) => again(arrival, from, to)));
  if (account % 59 === 9) made.push([1, noValue(account), first, '2025-03-08T08:00:00']);
  return made;

  function again(arrival: Arrival, from: Cell, to: Cell): Merge {
    return merge(from ?? '', to ?? '', arrival);
  }
}
