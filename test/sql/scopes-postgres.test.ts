/** A real server agrees: the same output columns with the same types, and the same names are missing. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { FailureError } from '../../server/src/base/failure.ts';
import { parseSql } from '../../server/src/sql/parse-sql.ts';
import { loadSqlParser } from '../../server/src/sql/parser.ts';
import type { RelationColumns, Scopes } from '../../server/src/sql/scopes/columns.ts';
import { resolveScopes } from '../../server/src/sql/scopes/queries.ts';
import type { Session } from '../../server/src/warehouse/port.ts';
import { withSession } from '../support/postgres.ts';

const parser = await loadSqlParser();

const TABLES = `
create schema raw;
create table orders (order_id bigint, customer_id integer, amount numeric(10,2), status text, placed_at timestamptz, tags text[]);
create table customers (customer_id integer, name varchar(20), "Région" text, code char(3));
create table raw.orders (id bigint, note text);
`;

const RELATIONS: ReadonlyMap<string, string> = new Map([
  ['orders', 'order_id bigint, customer_id integer, amount numeric(10,2), status text, placed_at timestamp with time zone, tags text[]'],
  ['customers', 'customer_id integer, name character varying(20), Région text, code character(3)'],
  ['raw.orders', 'id bigint, note text'],
]); // prettier-ignore

const relationColumns: RelationColumns = (schema, name) =>
  RELATIONS.get(schema === undefined || schema === 'public' ? name : `${schema}.${name}`)
    ?.split(', ')
    .map((column) => {
      const [own = '', ...type] = column.split(' ');
      return { name: own, type: type.join(' ') };
    });

const QUERIES = [
  `select *, o.*, customers.name from orders o join customers on customers.customer_id = o.customer_id`,
  `select * from orders join customers using (customer_id)`,
  `select *, o.customer_id from orders o left join customers c using (customer_id) left join raw.orders r on r.id = o.order_id`,
  `select * from orders o full join customers c using (customer_id)`,
  `select * from (orders join customers using (customer_id) as u) where u.customer_id = 1`,
  `select * from orders natural left join customers`,
  `select * from raw.orders natural join customers`,
  `select * from (orders cross join customers) as j(a, b, c, d, e, f, g)`,
  `with a as (select order_id as id, * from orders), b(x, y) as (select id, amount from a) select a.*, b.* from a, b`,
  `with a as materialized (with b as (select 1 as one) select * from b) select one, one::text as two from a`,
  `with recursive t(n, d) as (select 1, 0 union all select n + 1, d + 1 from t where n < 3) search depth first by n set ord select * from t`,
  `with recursive t(n) as (select 1 union all select n + 1 from t) cycle n set is_cycle using path select * from t limit 5`,
  `select order_id, amount from orders union all select id, null from raw.orders order by 1`,
  `(select name from customers) union (select code from customers) except select 'x'`,
  `values (1, 'a'), (2, 'b')`,
  `select v.* from (values (1, true), (2, false)) as v(id)`,
  `table customers`,
  `select l.* from orders o, lateral (select sum(o.amount) as total, max(c.name) from customers c where c.customer_id = o.customer_id) l`,
  `select day, g.* from generate_series(1, 2) as day, generate_series(1, 2) with ordinality as g(x)`,
  `select * from json_to_record('{}') as r(a int, b text, c numeric(4,1))`,
  `select * from rows from (json_to_record('{}') as (a int), generate_series(1, 2)) as z(p, q)`,
  `select * from orders tablesample system (10), unnest(array[1]) as u(i)`,
  `select * from json_table('[]', '$[*]' columns (n for ordinality, a int path '$.a', nested path '$.b' columns (b text path '$')))`,
  `select * from xmltable('/x' passing '<x/>' columns a int path 'a', n for ordinality) as x`,
  `select 1, count(*), sum(amount)::int, case when true then 1 end, case when true then 1 else max(amount) end, coalesce(1, 2) from orders`,
  `select (select 1 as x), (select max(amount) from orders), (values (1)), exists (select 1), array (select 1), array[1], row(1, 2)`,
  `select current_date, current_timestamp(2), current_user, session_user, localtime(1), current_schema, current_catalog`,
  `select nullif(1, 2), 'a'::text, 'a'::varchar(3), 1::numeric(4, 1), 1 + 1, true, null, 'a', 1.5, date '2020-01-01', interval '1 day', timestamp(3) with time zone '2020-01-01'`,
  `select extract(year from placed_at), placed_at at time zone 'utc', trim(status), substring(status from 1 for 2), position('a' in status), overlay(status placing 'b' from 1) from orders`,
  `select greatest(1, 2), least(1, 2), grouping(status), status is null, not true, status is not true::text from orders group by status`,
  `select status collate "C", (amount)::bigint, cast(amount as double precision), tags[1], tags[1:2], (tags)[1]::text from orders`,
  `select xmlelement(name foo), xmlforest(1 as a), xmlconcat('<a/>', '<b/>'), xmlparse(content 'a'), xmlpi(name php), xmlserialize(content '<a/>' as text)`,
  `select json_object('a': 1), json_array(1, 2), json_array(select 1), json_objectagg('a': 1), json_arrayagg(1), json('{}'), json_scalar(1), json_serialize('{}')`,
  `select json_exists('{}', '$'), json_value('{}', '$'), json_query('{}', '$')`,
  `select o, (o).amount, (o.tags)[1], to_json(o.*) from orders o`,
  `select (c)."Région", (c).* from customers c`,
  `select customer_id as status, count(*) as n from orders group by status, orders.customer_id order by status, n`,
  `select status, placed_at::date as day, sum(amount) from orders group by rollup (status, day), ()`,
  `select upper(status) as up from orders group by up having count(*) > 1 order by up`,
  `select distinct on (day) placed_at::date as day, status from orders order by day, amount`,
  `select sum(amount) over w, row_number() over (partition by status order by placed_at) from orders window w as (partition by customer_id)`,
  `select o.ctid, tableoid::regclass from orders o`,
  `select "Région", name::varchar, code || 'x', code::bpchar from customers`,
  `select x.status from orders x where exists (select from customers where customer_id = x.customer_id and code = status)`,
  `select 1 as a, 2 as b from orders o order by o.order_id, a`,
  `select case when true then amount end, case when true then amount else amount end, case when true then status end from orders`,
  `select coalesce(amount, amount), coalesce(amount, null), coalesce(code, name), 'a'::"char", 'a'::char, b'1'::bit, '{}'::numeric(4,1)[] from orders, customers`,
  `select o.amount from orders o union all select amount from orders union all select 1 from customers`,
  `with recursive t(n) as ((select 1 union select 2) union all (select n + 1 from t where n < 3 union select 9 where false)) select * from t`,
  `with a as (select 1 as x), b as (with a as (select 2 as y) select y from a) select a.x, b.y from a, b`,
  `select s.* from orders o cross join lateral (select c.name, o.amount from customers c order by o.amount, name limit 1) s`,
  `select count(*) filter (where o.amount > 1), array_agg(status order by placed_at), string_agg(status, ',' order by o.order_id) from orders o`,
  `select 1 from orders o where (o.order_id, o.status) in (select id, note from raw.orders) and o.amount > any (select amount from orders)`,
  `select orders.* from public.orders`,
  `select public.orders.amount, raw.orders.note from public.orders, raw.orders`,
  `select status, count(*) from orders group by grouping sets ((status), (status, customer_id)) order by count(*), status`,
  `select a.order_id from orders a join orders b on a.order_id = b.order_id and a.customer_id = b.customer_id join customers c on c.customer_id = b.customer_id`,
  `select a.b.c from (select row(1) as b) a`,
  `select * from orders order by amount, nosuch`,
  `select nosuch from orders`,
  `select o.nosuch, o.name from orders o, customers`,
  `select n + 1 as m, 1 as n from orders order by n`,
  `select 1 as n from orders order by n + 1`,
  `select 1 as n from orders where n = 1`,
  `select 1 as n from orders group by n having n = 1`,
  `select order_id from orders union select id from raw.orders order by note`,
  `select 1 from orders join customers using (order_id)`,
  `select customer_id from orders, customers`,
  `with a as (select order_id from orders) select a.amount, order_id from a`,
  `select j.order_id from (orders cross join customers) as j(x, y)`,
  `select l.total from orders o, lateral (select o.total as total) l`,
  `select (select name from raw.orders where id = order_id) from orders`,
  `select id from raw.orders where note in (select note from orders)`,
  `select é.name from customers é where é."Région" = '😀' and é.région = 1`,
  `select v.column3 from (values (1, 2)) v`,
  `select g.nosuch from generate_series(1, 2) g`,
];

function scopesOf(query: string): Scopes {
  const { tree, diagnostics } = parseSql(parser, query);
  assert.ok(tree, `${query}: ${diagnostics[0]?.message ?? ''}`);
  return resolveScopes(tree, relationColumns);
}

describe('Postgres and the scopes agree on', () => {
  test('the columns that a query gives, and those it lacks', async () => {
    await withSession(async (session) => {
      await session.query(TABLES);
      for (const query of QUERIES) await compare(session, query);
    });
  });

  test('names that were mistyped, wherever they stand', async () => {
    await withSession(async (session) => {
      await session.query(TABLES);
      let refused = 0;
      for (const query of QUERIES) {
        for (const { range } of scopesOf(query).references) {
          const mistyped = `${query.slice(0, range.start)}mistyped${query.slice(range.end)}`;
          if (await compare(session, mistyped)) refused++;
        }
      }
      assert.ok(refused > 50, `only ${String(refused)} were missing`);
    });
  });

  test('the queries of the Markdown cases', async () => {
    const text = readFileSync(new URL('../cases/scopes/resolving.md', import.meta.url), 'utf8');
    const queries = [...text.matchAll(/```sql\n([\s\S]*?)```/gu)].map(([, sql = '']) => sql);
    assert.ok(queries.length > 15);
    await withSession(async (session) => {
      await session.query(TABLES);
      for (const query of queries) await compare(session, query);
    });
  });
});

const UNDEFINED_COLUMN = '42703';

/** Whether we say that a column is missing. */
async function compare(session: Session, query: string): Promise<boolean> {
  const { output, references } = scopesOf(query);
  const missing = references.filter(({ resolution }) => resolution.kind === 'missing');
  let columns;
  try {
    ({ columns } = await session.describe(query));
  } catch (error) {
    if (!(error instanceof FailureError) || error.failure.kind !== 'query') throw error;
    const { sqlstate, offset, message } = error.failure;
    if (sqlstate === UNDEFINED_COLUMN && offset !== undefined) {
      // The server points at a reference's start, and at a USING list's join.
      const there = references.find(
        ({ range, qualifier }) => (qualifier?.range.start ?? range.start) <= offset && offset < range.end,
      );
      if (there) assert.match(there.resolution.kind, /missing|unknown/u, `${query}: ${message}`);
    }
    // Some other fault comes first; of the columns the server then says nothing.
    if (sqlstate === UNDEFINED_COLUMN || missing.length === 0) return missing.length > 0;
    assert.notEqual(sqlstate, '42601', `${query}: ${message}`);
    return true;
  }
  assert.deepEqual(
    missing.map(({ name }) => name),
    [],
    `the server finds every column of ${query}`,
  );
  const types = await session.query(
    `select ${columns.map(({ typeOid, typmod }) => `format_type(${String(typeOid)}, ${String(typmod)})`).join(', ') || '1'}`,
  );
  const theirs = columns.map(({ name }, index) => ({ name, type: types.rows[0]?.[index] }));
  if (!output.isComplete) {
    for (const { name } of output.known)
      assert.ok(
        theirs.some((column) => column.name === name),
        query,
      );
    return false;
  }
  const ours = output.known.map(({ name, type }, index) => ({ name, type: type ?? theirs[index]?.type }));
  assert.deepEqual(ours, theirs, query);
  return false;
}
