/** Orders, and the payments and refunds that follow them, some with a later load than the order's own. */

import { accountId } from './accounts.ts';
import { TableFiles } from './csv-file.ts';
import type { Cell } from './csv-file.ts';
import { day, isoWithoutZone, minute, momentIn, second } from './clock.ts';
import { showtimeId } from './events.ts';
import { amountText, noValue, reference } from './mess.ts';
import { randomFor } from './random.ts';
import type { Random } from './random.ts';
import { arrivalOf, arrivals, countThrough, laterOf, totalOf } from './size.ts';
import type { Arrival, Size, World } from './size.ts';

/** What happened, before it is spelled badly. */
export interface Order {
  readonly arrival: Arrival;
  /** Row of the account, of the showtime. */
  readonly account: number;
  readonly showtime: number;
  readonly orderedAt: number;
  readonly cents: number;
}

interface Movement {
  readonly cents: number;
  readonly at: number;
  readonly arrival: Arrival;
}

export function orderAt(world: World, row: number): Order {
  const random = randomFor(world.seed, 'orders', row);
  const arrival = arrivalOf(world.orders, row);
  const account = referenced(random, world.accounts, arrival, row);
  const showtime = referenced(random, world.showtimes, arrival, row + 3);
  const orderedAt = momentIn(random, arrival, row);
  const seats = 1 + random.below(6);
  const price = 2500 + random.below(1200) * 25;
  return { arrival, account, showtime, orderedAt, cents: row % 67 === 60 ? 0 : seats * price };
}

export function writeOrders(world: World, directory: string): TableFiles[] {
  const orders = new TableFiles(directory, 'orders', [
    'order_id',
    'account_id',
    'showtime_id',
    'created_at',
    'total_amount',
  ]);
  const transactions = new TableFiles(directory, 'transactions', [
    'transaction_id',
    'order_id',
    'amount',
    'occurred_at',
  ]);
  let transactionCount = 0;
  for (let row = 0; row < totalOf(world.orders); row++) {
    const order = orderAt(world, row);
    orders.write(order.arrival, [
      orderId(row),
      accountReference(order.account, row),
      showtimeReference(world, order.showtime, row),
      isoWithoutZone(order.orderedAt),
      amountText(order.cents, row, order.arrival),
    ]);
    for (const { cents, at, arrival } of movementsOf(world, order, row)) {
      const number = ++transactionCount;
      transactions.write(arrival, [
        `txn_${number}`,
        paidOrder(row),
        amountText(cents, number, arrival),
        isoWithoutZone(at),
      ]);
    }
  }
  return [orders, transactions];
}

function orderId(row: number): string {
  return `ord_${row + 1}`;
}

/** Usually a row that is already there; each 17th time any row, which may be one that arrives later. */
function referenced(random: Random, size: Size, arrival: Arrival, row: number): number {
  return random.below(row % 17 === 6 ? totalOf(size) : countThrough(size, arrival));
}

function accountReference(account: number, row: number): Cell {
  if (row % 71 === 31) return `acc_gone_${row}`;
  if (row % 83 === 41) return noValue(row);
  return reference(accountId(account), row);
}

function showtimeReference(world: World, showtime: number, row: number): Cell {
  if (row % 73 === 25) return `st_gone_${row}`;
  if (row % 19 === 12) return noValue(row);
  return reference(showtimeId(world, showtime), row + 1);
}

/** Some money belongs to an order that nobody knows, some to none at all. */
function paidOrder(row: number): Cell {
  if (row % 97 === 48) return `ord_gone_${row}`;
  if (row % 101 === 70) return noValue(row);
  return reference(orderId(row), row + 2);
}

function movementsOf(world: World, order: Order, row: number): Movement[] {
  const random = randomFor(world.seed, 'transactions', row);
  const paidAt = order.orderedAt + random.below(30) * minute;
  const now = order.arrival;
  const later = laterOf(now, random.pick(arrivals as readonly [Arrival, ...Arrival[]]));
  const afterwards = paidAt + (1 + random.below(20)) * day + random.below(86_400) * second;
  const { cents } = order;
  const whole: Movement = { cents, at: paidAt, arrival: now };
  const deposit = Math.round(cents / 4);
  switch (row % 20) {
    case 1: // never paid
      return [];
    case 3: // in two parts
    case 11:
      return [
        { cents: deposit, at: paidAt, arrival: now },
        { cents: cents - deposit, at: afterwards, arrival: later },
      ];
    case 5: // wholly refunded
      return [whole, { cents: -cents, at: afterwards, arrival: later }];
    case 8: // partly refunded, twice
      return [
        whole,
        { cents: -deposit, at: afterwards, arrival: later },
        { cents: -deposit, at: afterwards + day, arrival: later },
      ];
    case 14: // only a deposit so far
      return [{ cents: deposit, at: paidAt, arrival: now }];
    case 17: // the payment is loaded before its order
      return [{ ...whole, arrival: now === 0 ? 0 : ((now - 1) as Arrival) }];
    case 19: // the payment is loaded after its order
      return [{ ...whole, arrival: later }];
    default:
      return [whole];
  }
}
