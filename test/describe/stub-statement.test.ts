/** A query over stubs has the columns and the faults that it has over the relations, and its places lead back to its text. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FailureError } from '../../server/src/base/failure.ts';
import { editedText } from '../../server/src/describe/edited-text.ts';
import { readCatalog } from '../../server/src/describe/read-catalog.ts';
import { readsOf } from '../../server/src/describe/relation-reads.ts';
import { stubStatement } from '../../server/src/describe/stub-statement.ts';
import { parseSql } from '../../server/src/sql/parse-sql.ts';
import type { ResultColumn, Session } from '../../server/src/warehouse/port.ts';
import { withSession } from '../support/postgres.ts';
import { parser } from './describing.ts';

const SETUP = `
  create schema shop;
  create type shop.mood as enum ('good', 'bad');
  create table shop.orders (id int, name varchar(20), amount numeric(10, 2), tags text[], doc jsonb, at timestamptz(3),
    "Odd ""Name""" character(3), mood shop.mood, span interval day to second(3), bits bit(4), flag "char");
  create table shop.lines (order_id int, price real, quantity smallint);
`;

const QUERIES = [
  'select * from shop.orders',
  'select o.* from shop.orders o',
  'select shop.orders.*, shop.orders.id + 1 from shop.orders',
  'select orders.name from shop.orders',
  'select x.a, x.b, x.amount from shop.orders as x(a, b)',
  'select * from shop.orders join shop.lines on id = order_id',
  'select * from shop.orders o full join shop.lines as l on o.id = l.order_id',
  'select * from shop.orders, lateral (select sum(price) as paid from shop.lines where order_id = orders.id) l',
  'select id, (select max(quantity) from shop.lines where lines.order_id = orders.id) from shop.orders',
  'with orders as (select id from shop.orders) select orders.id, l.price from orders join shop.lines l on l.order_id = orders.id',
  'with recursive tree as (select id from shop.orders union all select id + 1 from tree) select * from tree',
  'select name || amount::text, tags[1], doc ->> 1, at - now(), "Odd ""Name""", mood from shop.orders',
  'select count(*), row_to_json(o), max(o.at) over () from shop.orders o group by o.at, o.*',
  'select a.id from shop.orders a where exists (select from shop.lines where order_id = a.id) and a.id in (select order_id from shop.lines)',
  'select coalesce(amount, quantity), least(price, amount) from shop.orders, shop.lines',
  'select id from shop.orders union all select order_id from shop.lines order by 1',
  '(select name from shop.orders) intersect (values (null))',
  'table shop.orders',
  'select (o).name, (o).* from shop.orders o',
  'select distinct on (id) id, amount from shop.orders order by id, at desc',
  'select unnest(tags), generate_series(1, id) from shop.orders',
  "select case when mood = 'good' then 1 end, span * 2, bits, flag from shop.orders",
  'select "o"."id" from "shop"."orders" AS "o" WHERE "o"."name" ~ \'^é😀\'',
  "select /* shop.orders */ id -- from shop.lines\n from shop.orders where name = 'shop.orders'",
  'select id from ((shop.orders left join shop.lines on true) cross join shop.lines b)',
  'select id from shop.orders for share',
  'select sum(amount) filter (where id > 1), percentile_cont(0.5) within group (order by amount) from shop.orders',
  // Refused.
  'select nope from shop.orders',
  'select o.nope from shop.orders o',
  'select shop.lines.price from shop.orders',
  'select id from shop.orders, shop.orders b where id = 1',
  'select name + 1 from shop.orders',
  "select mood = 'none' from shop.orders",
  'select id, sum(amount) from shop.orders',
  "select '😀', é from shop.orders join shop.lines on price = name",
  'select sum(amount) from shop.orders where sum(id) > 1',
];

test('queries over stubs are described as queries over the relations', () =>
  withSession(async (session) => {
    await session.query(SETUP);
    const relations = await readCatalog(session, ['shop']);
    for (const query of QUERIES) {
      const { tree } = parseSql(parser, query);
      assert.ok(tree, query);
      const stubbed = stubStatement(query, readsOf(tree), ({ schema, name }) => {
        const relation = schema === null ? undefined : relations.get(`${schema}.${name}`);
        return relation ? { kind: 'stub', columns: relation.columns } : { kind: 'real' };
      });
      assert.ok(stubbed.kind === 'statement');
      const { statement } = stubbed;
      const { text } = statement;
      assert.ok(text.includes('where false'), query);
      const fromStubs = await answer(session, text);
      const real = await answer(session, query);
      if (
        typeof real === 'object' &&
        'offset' in real &&
        typeof fromStubs === 'object' &&
        'offset' in fromStubs
      ) {
        assert.deepEqual({ ...fromStubs, offset: statement.originalOffset(fromStubs.offset) }, real, query);
      } else {
        assert.deepEqual(fromStubs, real, `${query}\n${text}`);
      }
    }
  }));

async function answer(
  session: Session,
  text: string,
): Promise<
  readonly ResultColumn[] | { readonly sqlstate: string; readonly message: string; readonly offset: number }
> {
  try {
    return (await session.describe(text)).columns;
  } catch (error) {
    assert.ok(error instanceof FailureError && error.failure.kind === 'query');
    const { sqlstate, message, offset } = error.failure;
    return { sqlstate, message, offset: offset ?? -1 };
  }
}

test('every place of a text that was kept is found again', () => {
  const text = 'a 😀 bb cc';
  const edited = editedText(text, [
    { start: 8, end: 10, text: '' },
    { start: 2, end: 4, text: 'longer' },
  ]);
  assert.equal(edited.text, 'a longer bb ');
  const back = Array.from({ length: edited.text.length + 1 }, (_, offset) => edited.originalOffset(offset));
  const inside = Array.from({ length: 6 }, () => undefined);
  assert.deepEqual(back, [0, 1, ...inside, 4, 5, 6, 7, 10]);
});
