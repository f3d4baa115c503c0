/** A file in another warehouse's SQL has an outline and says what it reads, and no more. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outlineOf, type Outline } from '../../server/src/ide/other-dialects/outline.ts';

function picture(text: string, outline: Outline | undefined): unknown {
  return (
    outline && {
      statements: outline.statements.map(({ verb, ctes }) => [verb, ...ctes.map(({ name }) => name)]),
      ctes: outline.statements.flatMap(({ ctes }) =>
        ctes.map(({ range }) => text.slice(range.start, range.end)),
      ),
      tables: outline.tables.map(({ name, range }) => [name, range && text.slice(range.start, range.end)]),
    }
  );
}

test("Snowflake's CTEs and tables are found, with Jinja in between", async () => {
  const text = `{{ config(materialized='table') }}
-- 𝄞 comment
with a as (select x:b::int as q from db.s.t qualify row_number() over (order by 1) = 1),
b as (select * from a join {{ ref('orders') }} o on o.id = a.q {% if x %} where true {% endif %})
select * from b join "Q"."R" on true`;
  assert.deepEqual(picture(text, await outlineOf('snowflake', text)), {
    statements: [['select', 'a', 'b']],
    ctes: [
      'a as (select x:b::int as q from db.s.t qualify row_number() over (order by 1) = 1)',
      "b as (select * from a join {{ ref('orders') }} o on o.id = a.q {% if x %} where true {% endif %})",
    ],
    tables: [
      ['db.s.t', 'db.s.t'],
      ['Q.R', '"Q"."R"'],
    ],
  });
});

test("BigQuery's, Spark's and Redshift's are read, too", async () => {
  const bigquery = 'select * from `proj.set.table` as t, unnest(t.items) i';
  assert.deepEqual((await outlineOf('bigquery', bigquery))?.statements.length, 1);
  const spark = 'select explode(items) from shop.orders';
  assert.deepEqual(
    (await outlineOf('spark', spark))?.tables.map(({ name }) => name),
    ['shop.orders'],
  );
  const redshift = 'select listagg(a) from x.y; select 1 from z';
  const outline = await outlineOf('redshift', redshift);
  assert.deepEqual(
    outline?.tables.map(({ name }) => name),
    ['x.y', 'z'],
  );
  // Its parser says of nothing where it stands.
  assert.deepEqual(outline.statements, []);
});

test('nothing is said of what cannot be read', async () => {
  assert.equal(await outlineOf('snowflake', 'select from from'), undefined);
  assert.equal(await outlineOf('toString', 'select 1'), undefined);
  assert.equal(await outlineOf('postgres', 'select 1'), undefined);
});
