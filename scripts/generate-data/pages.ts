/** Browsing: pages that lead to an order, and pages that lead nowhere. */

import { accountId } from './accounts.ts';
import { TableFiles } from './csv-file.ts';
import type { Cell } from './csv-file.ts';
import { isoWithoutZone, minute, momentIn } from './clock.ts';
import { customerId, customerOfAccount } from './customers.ts';
import { eventId, eventOfShowtime, showtimeId } from './events.ts';
import { noValue, pageTypeText, reference } from './mess.ts';
import { orderAt } from './orders.ts';
import { randomFor } from './random.ts';
import type { Random } from './random.ts';
import { arrivalOf, countThrough, totalOf } from './size.ts';
import type { Arrival, World } from './size.ts';

const generalPages = ['viewed_home_page', 'viewed_search_results'] as const;
const showtimePages = ['viewed_showtime', 'started_checkout'] as const;

interface Visit {
  readonly account: number;
  readonly showtime: number;
  readonly at: number;
}

export function writePages(world: World, directory: string): TableFiles {
  const files = new TableFiles(directory, 'pages', [
    'page_id',
    'account_id',
    'customer_id',
    'page_type',
    'occurred_at',
    'event_id',
    'showtime_id',
  ]);
  for (let row = 0; row < totalOf(world.pages); row++) {
    const random = randomFor(world.seed, 'pages', row);
    const arrival = arrivalOf(world.pages, row);
    const visit = visitAt(world, random, arrival, row);
    const customer = customerId(customerOfAccount(visit.account, random.below(3)));
    files.write(arrival, [
      `page_${row + 1}`,
      random.chance(0.45) ? noValue(row) : accountReference(visit.account, row),
      random.chance(0.12) ? noValue(row + 2) : reference(customer, row),
      ...subjectOf(world, random, visit, row),
    ]);
  }
  return files;
}

/** Page type, time, event and showtime: a page is about nothing in particular, about a show, or about a performance. */
function subjectOf(world: World, random: Random, visit: Visit, row: number): Cell[] {
  const at = isoWithoutZone(visit.at);
  const kind = random.next();
  if (kind < 0.2) return [pageTypeText(random.pick(generalPages), row), at, noValue(row), noValue(row + 1)];
  // A tracker that lags behind sends the event of the page before.
  const stray = row % 33 === 15;
  const event = eventId(eventOfShowtime(world, stray ? visit.showtime + 1 : visit.showtime));
  if (kind < 0.55) return [pageTypeText('viewed_product_page', row), at, reference(event, row), noValue(row)];
  return [
    pageTypeText(random.pick(showtimePages), row),
    at,
    row % 21 === 10 ? noValue(row) : reference(event, row),
    row % 89 === 50 ? `st_gone_${row}` : reference(showtimeId(world, visit.showtime), row + 2),
  ];
}

/** Three visits of five come shortly before an order of the same load; the others come from anybody at any time. */
function visitAt(world: World, random: Random, arrival: Arrival, row: number): Visit {
  if (random.chance(0.6)) {
    const first = arrival === 0 ? 0 : countThrough(world.orders, (arrival - 1) as Arrival);
    const order = orderAt(world, first + random.below(countThrough(world.orders, arrival) - first));
    return {
      account: order.account,
      showtime: order.showtime,
      at: order.orderedAt - (1 + random.below(2880)) * minute,
    };
  }
  return {
    account: random.below(countThrough(world.accounts, arrival)),
    showtime: random.below(countThrough(world.showtimes, arrival)),
    at: momentIn(random, arrival, row),
  };
}

function accountReference(account: number, row: number): string {
  return row % 103 === 60 ? `acc_gone_${row}` : reference(accountId(account), row + 1);
}
