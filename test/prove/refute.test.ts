/** Doubts that are tried on rows: what is called refuted was seen to break, on rows that anybody can insert. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { analyzeQuery, type QueryReport } from '../../server/src/prove/analyze-query.ts';
import { DEFAULT_REFUTE_OPTIONS } from '../../server/src/prove/refute.ts';
import { inScratch } from '../../server/src/prove/scratch.ts';
import { loadSqlParser, type SqlParser } from '../../server/src/sql/parser.ts';
import type { Session } from '../../server/src/warehouse/port.ts';
import { postgresWarehouse } from '../../server/src/warehouse/postgres/warehouse.ts';
import { testWarehouse, withSession } from '../support/postgres.ts';

const SHOP = `
create type mood as enum ('sad', 'ok', 'happy');
create domain positive as int check (value > 0);
create table customers (customer_id int primary key, email text unique, region text not null);
create table orders (order_id int primary key, customer_id int not null references customers, status text not null,
  ordered_at date not null, total numeric(10, 2) not null, tags text[], doc jsonb, feeling mood, size positive);
create table payments (payment_id int primary key, order_id int not null references orders, amount numeric(10, 2) not null check (amount > 100));
create table prices (product_id int not null, valid_from date not null, valid_to date not null, price int not null,
  primary key (product_id, valid_from), check (valid_from < valid_to));`;

const BROKEN: readonly (readonly [sql: string, key: readonly string[]])[] = [
  ['select o.order_id from orders o join payments p using (order_id)', ['order_id']],
  ['select email from customers', ['email']],
  ["select customer_id from orders where status = 'paid' and ordered_at >= '2025-06-01'", ['customer_id']],
  ["select customer_id from orders where status like 'ship%' and feeling = 'happy'", ['customer_id']],
  ['select o.order_id, t from orders o, unnest(o.tags) t', ['order_id', 't']],
  ["select o.order_id, i ->> 'sku' as sku from orders o, jsonb_array_elements(o.doc -> 'items') i", ['order_id', 'sku']],
  [
    'select o.order_id, p.price from orders o join prices p on p.product_id = o.customer_id and o.ordered_at >= p.valid_from and o.ordered_at < p.valid_to',
    ['order_id'],
  ],
  ['select size from orders where size > 40 and size < 44', ['size']],
  ['select customer_id, rank() over (partition by customer_id order by total desc) as r from orders', ['customer_id', 'r']],
  ["select customer_id from orders where ordered_at > current_date - interval '3 days'", ['customer_id']],
  ['select region from customers group by region, email', ['region']],
]; // prettier-ignore

describe('a wrong key', () => {
  let session: Session;
  let parser: SqlParser;

  before(async () => {
    session = await postgresWarehouse({ ...(await testWarehouse()), database: 'postgres' }).open('test');
    parser = await loadSqlParser();
  });

  after(() => session.close());

  const report = (sql: string, key?: readonly string[]): Promise<QueryReport> =>
    inScratch(session, SHOP, () =>
      analyzeQuery(session, parser, sql, key, {
        ...DEFAULT_REFUTE_OPTIONS,
        tries: 400,
        milliseconds: 60_000,
      }),
    );

  for (const [sql, key] of BROKEN)
    test(`(${key.join(', ')}) of ${sql}`, async () => {
      const { declaredKey } = await report(sql, key);
      assert.equal(declaredKey?.verdict, 'refuted', declaredKey?.reason);
      const rows = declaredKey.witness?.rows ?? [];
      await inScratch(session, SHOP, async () => {
        await session.query(rows.join(';'));
        const { rows: repeated } = await session.query(
          `select 1 from (${sql}) q group by ${key.join(', ')} having count(*) > 1`,
        );
        assert.ok(repeated.length > 0, rows.join(';\n'));
      });
    });

  test('comes with the same rows each time it is asked about', async () => {
    const [sql, key] = [
      'select o.order_id from orders o join payments p using (order_id)',
      ['order_id'],
    ] as const;
    const [one, other] = [await report(sql, key), await report(sql, key)];
    assert.deepEqual(one.declaredKey, other.declaredKey);
    assert.match(one.declaredKey?.witness?.seen ?? '', /^order_id = 1 comes 2 times$/);
    assert.equal(one.declaredKey?.witness?.rows.length, 4);
  });

  test('a true key that cannot be proven is called unknown', async () => {
    const { declaredKey } = await report(
      'select order_id * 2 + (select count(*) from customers where false) as twice from orders',
      ['twice'],
    );
    assert.equal(declaredKey?.verdict, 'unknown');
  });

  test('an aggregate that counts twice says on which rows, and what is right there', async () => {
    const { diagnostics } = await report(
      'select sum(o.total) from orders o join payments p using (order_id)',
    );
    const [only] = diagnostics;
    assert.equal(only?.severity, 'warning');
    assert.match(
      only.witness?.seen ?? '',
      /^sum\(o\.total\) is 2\.00; over each row of .* once it is 1\.00$/,
    );
  });

  test('nothing is written to tables that were there before', async () => {
    await withSession(async (own) => {
      await own.query('create table kept (id int)');
      await own.query('begin');
      const { declaredKey } = await analyzeQuery(own, parser, 'select id from kept', ['id']);
      assert.equal(declaredKey?.verdict, 'unknown');
      const { rows } = await own.query(
        "select n_tup_ins from pg_stat_xact_user_tables where relname = 'kept'",
      );
      assert.deepEqual(rows, [['0']]);
      await own.query('rollback');
    });
  });
});
