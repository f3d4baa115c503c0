/** What stands in a warehouse, in a form that can be compared: every row of every relation of the project and of raw. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionSettings } from '../../server/src/warehouse/port.ts';
import { postgresWarehouse } from '../../server/src/warehouse/postgres/warehouse.ts';
import { repository } from './program.ts';

export type Rows = readonly (readonly (string | null)[])[];

export async function query(server: ConnectionSettings, sql: string): Promise<Rows> {
  const session = await postgresWarehouse(server).open('test');
  try {
    return (await session.query(sql)).rows;
  } finally {
    await session.close();
  }
}

/** Each relation outside the system's schemas: its kind, its columns, how many rows, and a hash of them in any order. */
export async function state(server: ConnectionSettings): Promise<ReadonlyMap<string, string>> {
  const relations = await query(
    server,
    `select format('%I.%I', nspname, relname), relkind,
      (select string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' order by attnum)
        from pg_attribute where attrelid = pg_class.oid and attnum > 0 and not attisdropped)
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'v', 'm') and nspname not in ('information_schema', 'grainline') and nspname not like 'pg\\_%'
    order by 1`,
  );
  const digests = relations.map(
    ([name]) =>
      `select '${name ?? ''}', count(*), md5(coalesce(string_agg(t::text, E'\\n' order by t::text collate "C"), '')) from ${name ?? ''} as t`,
  );
  if (digests.length === 0) return new Map();
  const rows = await query(server, digests.join(' union all '));
  const found = new Map(rows.map(([name, count, digest]) => [name, `${count ?? ''} rows, ${digest ?? ''}`]));
  return new Map(
    relations.map(([name, kind, columns]) => [
      name ?? '',
      `${kind ?? ''} (${columns ?? ''}): ${found.get(name) ?? ''}`,
    ]),
  );
}

/** Rows that the table weekly_sales and the hand-written statement over raw do not share; throws when both are empty. */
export async function weeklySalesDifference(server: ConnectionSettings): Promise<Rows> {
  const byHand = readFileSync(join(repository, 'test/sample/weekly_sales.sql'), 'utf8');
  const columns =
    'week_start, event_id, is_total, orders, paid_orders, ordered_amount, gross_sales, refunds, net_sales';
  const both = `with by_hand as (select ${columns} from (${byHand}\n) as statement),
    built as (select ${columns} from analytics.weekly_sales)`;
  const [counts] = await query(
    server,
    `${both} select (select count(*) from by_hand), (select count(*) from built)`,
  );
  if (counts?.every((count) => count === '0') !== false) throw new Error('There are no weekly sales at all.');
  return query(
    server,
    `${both} (select 'only by hand', * from (select * from by_hand except all select * from built) as missing)
      union all (select 'only built', * from (select * from built except all select * from by_hand) as surplus)`,
  );
}

/** What the ledger says of each batch against the keys of its file's rows that stand in raw. */
export async function ledger(server: ConnectionSettings): Promise<Rows> {
  return query(
    server,
    'select table_name, batch, rows, sha256 from grainline.ingested_batches order by table_name, batch',
  );
}
