/** What the binder makes of a query, written as SQL again, gives the query's own rows. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { readSchema } from '../../server/src/describe/read-schema.ts';
import { inScratch } from '../../server/src/prove/scratch.ts';
import { parseSql } from '../../server/src/sql/parse-sql.ts';
import { loadSqlParser, type SqlParser } from '../../server/src/sql/parser.ts';
import { bindStatement } from '../../server/src/sql/plan/bind.ts';
import { loadNodePrinter, type NodePrinter } from '../../server/src/sql/plan/deparser.ts';
import { PlanPrinter } from '../../server/src/sql/plan/deparse.ts';
import type { Session } from '../../server/src/warehouse/port.ts';
import { postgresWarehouse } from '../../server/src/warehouse/postgres/warehouse.ts';
import { readGrainCases, type GrainCase } from '../../scripts/peers/read-cases.ts';
import { testWarehouse } from '../support/postgres.ts';

const SCHEMA = `
create table a (id int primary key, k int, g text, d date, v numeric(10, 2), tags text[], doc jsonb);
create table b (id int, k int, g text, d date, v int);
create view big as select id, v * 2 as double, g from a where v > 1;
insert into a values
  (1, 1, 'x', '2024-01-01', 1.5, '{p,q,p}', '{"n": 1, "items": [{"q": 2}, {"q": 2}]}'),
  (2, 1, 'y', '2024-01-02', 2.5, '{}', '{"n": null}'),
  (3, 2, null, '2024-02-01', 4, null, null),
  (4, null, 'x', null, 8, '{q}', '{"items": []}');
insert into b values (1, 1, 'x', '2024-01-01', 1), (1, 2, 'y', '2024-01-03', 2), (2, 1, null, '2024-02-01', 3), (null, 3, 'x', null, 4), (5, 1, 'x', '2024-01-02', 3);`;

const QUERIES = [
  'select * from a',
  'select a.*, b.v from a join b on a.id = b.id',
  'select * from a left join b on a.id = b.id and b.v > 1',
  'select a.id, b.id from a right join b on a.k = b.k',
  'select * from a full join b using (id)',
  'select id, k, a.v, b.v from a join b using (id, k)',
  'select * from a natural left join b',
  'select * from a natural full join b',
  'select x.* from (a join b using (id)) x (one, two)',
  'select * from a cross join b',
  'select a.id, b.id from a, b where a.id = b.id or a.k = b.k',
  'select a.id, l.n from a, lateral (select count(*) as n from b where b.k = a.k) l',
  'select a.id, l.* from a left join lateral (select b.v, b.d from b where b.k = a.k order by b.v desc, b.d limit 1) l on true',
  'select g, count(*), sum(v), min(d) from a group by g',
  'select g as grp, count(v) filter (where v > 2) from a group by 1 having count(*) > 1',
  'select coalesce(g, \'none\'), avg(v) from a group by coalesce(g, \'none\')',
  'select a.id, a.g, a.v, count(b.id) from a left join b on b.k = a.k group by a.id',
  'select g, k, grouping(g, k), sum(v) from a group by rollup (g, k)',
  'select g, k, sum(v) from a group by cube (g, k)',
  'select g, k, d, count(*) from a group by grouping sets ((g), (k, d), ())',
  'select g, k, count(*) from a group by g, rollup (k)',
  'select count(*) from a',
  'select count(*) from a where false group by ()',
  'select distinct g, k from b',
  'select distinct on (g) g, id, v from a order by g, v desc',
  'select distinct on (k) id from a order by k, v',
  'select id, row_number() over (partition by g order by v) from a',
  'select id, sum(v) over (order by id rows between 1 preceding and current row) from a',
  'select id, sum(v) over (order by v range between 2 preceding and 2 following exclude current row) from a',
  'select id, rank() over w, lag(v, 1, 0::numeric) over w from a window w as (partition by g order by id)',
  'select id, sum(v) over (), count(*) filter (where g is not null) over (partition by k) from a',
  'select g, sum(sum(v)) over (order by g) from a group by g',
  'select id from a union select id from b',
  'select id, g from a union all select id, g from b',
  'select id from a intersect select id from b',
  'select k from a except all select k from b',
  'select null as x, 1 as n union all select 5, 2',
  '(select id from a order by v desc limit 2) union all (select k from b order by k limit 1)',
  'select id from a union select k from b order by 1 desc limit 3',
  'values (1, \'a\'), (2, null)',
  'select * from (values (1, \'a\'), (2, \'b\')) v (n, t) where n > 1',
  'with x as (select g, sum(v) as s from a group by g) select * from x join x y using (g)',
  'with x (p) as (select id from a), y as (select p + 1 as q from x) select * from x, y where p = q',
  'with recursive r as (select 1 as n union all select n + 1 from r where n < 5) select * from r',
  'with recursive r (id, depth) as (select id, 0 from a where k is null union select b.k, r.depth + 1 from r join b on b.id = r.depth) select * from r',
  'select id, (select max(v) from b where b.k = a.k) as m from a',
  'select id from a where exists (select from b where b.id = a.id and b.v > (select min(v) from b c where c.k = a.k))',
  'select id from a where id in (select k from b)',
  'select id from a where id not in (select k from b where k is not null)',
  'select id from a where (id, k) in (select id, k from b)',
  'select id from a where v > all (select v from b where b.k = a.k)',
  'select id, array(select b.v from b where b.k = a.k order by b.v) from a',
  'select id, case g when \'x\' then 1 when \'y\' then 2 else 3 end, case when v > 2 then g end from a',
  'select id from a where v between 2 and 5 and g not in (\'y\') and d is not null',
  'select id, g is distinct from \'x\', nullif(k, 1), greatest(k, 2), (v > 2) is not true from a',
  'select id, t from a, unnest(tags) t',
  'select id, t, n from a cross join lateral unnest(tags) with ordinality u (t, n)',
  'select id, unnest(tags) from a',
  'select id, i ->> \'q\' from a, jsonb_array_elements(a.doc -> \'items\') i',
  'select id, e.key, e.value from a, jsonb_each(doc) e',
  'select a.id, s from a, generate_series(1, a.k) s',
  'select x.q from a, jsonb_to_recordset(doc -> \'items\') x (q int)',
  'select * from rows from (generate_series(1, 3), generate_series(1, 2)) f (p, q)',
  'select * from big join a using (id)',
  'select b.g, sum(big.double) from big join b on b.id = big.id group by b.g',
  'select id, extract(month from d), date_trunc(\'month\', d), d + interval \'1 day\', tags[1], doc #>> \'{items,0,q}\' from a',
  'select string_agg(g, \',\' order by v desc), percentile_cont(0.5) within group (order by v), array_agg(id order by id) from a',
  'select id from a order by v desc offset 1 fetch first 2 rows only',
  'select id, k from b order by k fetch first 1 rows with ties',
  'select a.id, row(a.id, b.v) = row(1, 2) from a join b on (a.id, a.k) = (b.id, b.k)',
  'select count(a), count(b.*) from a left join b on false',
]; // prettier-ignore

class NotUnderstood extends Error {}

describe('a bound query, written as SQL again', () => {
  let session: Session;
  let parser: SqlParser;
  let print: NodePrinter;

  before(async () => {
    session = await postgresWarehouse({ ...(await testWarehouse()), database: 'postgres' }).open('test');
    parser = await loadSqlParser();
    print = await loadNodePrinter();
  });

  after(() => session.close());

  const rowsOf = async (sql: string): Promise<readonly string[]> => {
    const { rows } = await session.query(sql);
    return rows.map((row) => JSON.stringify(row)).sort();
  };

  const check = async (sql: string): Promise<void> => {
    const { tree } = parseSql(parser, sql.replace(/[\s;]+$/, ''));
    assert.ok(tree);
    const binding = bindStatement(parser, tree, await readSchema(session));
    if (binding.kind === 'unknown') throw new NotUnderstood(binding.reason);
    const text = new PlanPrinter({ print, isFixed: () => false }).output(binding.statement.query);
    assert.deepEqual(await rowsOf(text), await rowsOf(sql), text);
  };

  for (const sql of QUERIES) test(sql, () => inScratch(session, SCHEMA, () => check(sql)));

  const folder = fileURLToPath(new URL('../cases/grain', import.meta.url));
  test('the queries of the grain cases', async () => {
    const faults: string[] = [];
    const bySchema = new Map<string, GrainCase[]>();
    for (const one of readGrainCases(folder))
      bySchema.set(one.schema, [...(bySchema.get(one.schema) ?? []), one]);
    for (const [schema, cases] of bySchema)
      await inScratch(session, `${schema};savepoint empty`, async () => {
        for (const { id, rows, sql } of cases) {
          await session.query(`rollback to savepoint empty;${rows}`);
          await check(sql).catch((error: unknown) => {
            // What is not understood is not said to be anything.
            if (!(error instanceof NotUnderstood)) faults.push(`${id}: ${String(error)}`);
          });
        }
      });
    assert.deepEqual(faults, []);
  });
});
