/** What Postgres says of models that are not built, on a real server. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnostic } from '../../server/src/base/diagnostic.ts';
import { withSession } from '../support/postgres.ts';
import { assertAnnotations } from '../support/fixture-project.ts';
import { catalogOf, outcomes, printed, projectOn } from './describing.ts';

/** Describes all of a fixture after `setup`; gives what each of its models came to, and checks the carets. */
async function described(setup: string, source: string): Promise<Record<string, string>> {
  return withSession(async (session, { settings }) => {
    if (setup !== '') await session.query(setup);
    const { project, fixture } = projectOn(settings, source);
    const found = await outcomes(session, project, await catalogOf(session, project));
    const diagnostics = [...found.values()].flatMap((outcome): readonly Diagnostic[] =>
      outcome.kind === 'refused' ? outcome.diagnostics : [],
    );
    assertAnnotations(
      fixture,
      diagnostics.flatMap(({ place, code, suggestion }) =>
        place
          ? [
              {
                path: place.path,
                range: place.range,
                expectation: suggestion ? `${code} -> ${suggestion.text}` : code,
              },
            ]
          : [],
      ),
    );
    return Object.fromEntries(
      [...found].map(([id, outcome]) => [id.split('.').slice(2).join('.'), printed(outcome)]),
    );
  });
}

test('models are described from one another, though nothing is built', async () => {
  const found = await described(
    '',
    `
    ==> models/a.sql
    select 1 as id, 1.5::numeric(10, 2) as amount, null as nothing, 'x'::char(3) as flag, now() as "At"
    ==> models/b.sql
    {{ config(materialized='ephemeral') }}
    select id, amount * 2 as twice, flag, "At", {{ ref('a') }}.nothing from {{ ref('a') }}
    ==> models/c.sql
    with latest as (select * from {{ ref('b') }} where twice > 1)
    select l.id, l.flag, l."At", a.amount, a.*::text as row
    from latest as l join {{ ref('a') }} a(key) on l.id = a.key
    ==> tests/no_negative.sql
    select * from {{ ref('b') }} where twice < 0
    `,
  );
  assert.deepEqual(found, {
    a: 'id integer, amount numeric(10,2), nothing text, flag character(3), At timestamp with time zone',
    b: 'id integer, twice numeric, flag character(3), At timestamp with time zone, nothing text',
    c: 'id integer, flag character(3), At timestamp with time zone, amount numeric(10,2), row text',
    no_negative: 'id integer, twice numeric, flag character(3), At timestamp with time zone, nothing text',
  });
});

test('an unknown column is shown where it is written, with the name that was meant', async () => {
  const found = await described(
    '',
    `
    ==> models/payments.sql
    select 1 as payment_id, 10 as amount
    ==> models/orders.sql
    {% set columns = ['payment_id', 'amuont'] %}
    -- 😀
    select p.amuont, {{ columns | join(', ') }}
    --       ^^^^^^ unknown-column -> amount
    --               ^^^^^^^^^^^^^^^^^^^^^^^^^^ unknown-column
    from {{ ref('payments') }} as p
    ==> models/below.sql
    select amuont from {{ ref('orders') }}
    `,
  );
  assert.deepEqual(found, {
    payments: 'payment_id integer, amount integer',
    orders:
      'unknown-column: column p.amuont does not exist. Perhaps you meant to reference the column "p.amount". (42703); ' +
      'unknown-column: column "amuont" does not exist. Perhaps you meant to reference the column "p.amount". (42703)',
    below: 'unknown: the columns of "orders" are not known',
  });
});

test('every CTE is looked at, and what reads a broken one is not blamed', async () => {
  await described(
    '',
    `
    ==> models/a.sql
    select 1 as id, 'x' as name
    ==> models/b.sql
    with first as (
        select id, nmae from {{ ref('a') }}
    --             ^^^^ unknown-column -> name
    ), second (key) as (
        select id, name from {{ ref('a') }} where name + 1 > 2 -- a comment
    --                                                 ^ type-error
    ), third as (
        select nonsense from first
    ), fourth as (
        select lower(id) as low, xx from {{ ref('a') }}
    --         ^^^^^ type-error
    )
    select third.nonsense from third
    ==> models/c.sql
    with one as (select id as key from {{ ref('a') }}), two(k) as (select key from one)
    select key, x1, x2, x3 from two
    --     ^^^ unknown-column
    --          ^^ unknown-column
    --              ^^ unknown-column
    --                  ^^ unknown-column
    `,
  );
});

test('what a stub cannot show is asked of the relation itself', async () => {
  const found = await described(
    `create schema shop;
     create table shop.orders (id int primary key, name text, paid numeric);
     create table shop.lines (order_id int, price numeric);`,
    `
    ==> models/sources.yml
    sources:
      - name: shop
        tables: [{ name: orders }, { name: lines }]
    ==> models/grouped.sql
    select o.id, o.name, sum(l.price) as total
    from {{ source('shop', 'orders') }} o join {{ source('shop', 'lines') }} l on l.order_id = o.id
    group by o.id
    ==> models/not_grouped.sql
    select l.order_id, l.price
    --                 ^^^^^^^ postgres
    from {{ source('shop', 'orders') }} o join {{ source('shop', 'lines') }} l on l.order_id = o.id
    group by l.order_id
    ==> models/system.sql
    select ctid, tableoid::regclass::text as made_in from {{ source('shop', 'orders') }}
    ==> models/sampled.sql
    select id from {{ source('shop', 'orders') }} as o tablesample system (10)
    ==> models/only.sql
    select id from only {{ source('shop', 'orders') }}
    ==> models/row.sql
    select (o).name, (o::shop.orders).paid from {{ source('shop', 'orders') }} o
    ==> models/whole.sql
    select o, array_agg(o) over () as others from {{ source('shop', 'orders') }} o
    ==> models/whole_unbuilt.sql
    select o from {{ ref('only') }} o
    ==> models/locked.sql
    select id from {{ source('shop', 'orders') }} for update
    ==> models/unbuilt.sql
    select o.id, g.name from {{ ref('only') }} o join {{ ref('grouped') }} g on g.id = o.id group by o.id
    --           ^^^^^^ postgres
    ==> models/of_unbuilt.sql
    select ctid from {{ ref('only') }}
    ==> models/sampled_unbuilt.sql
    select id from {{ ref('only') }} tablesample system (10)
    ==> models/qualified.sql
    select shop.orders.id, {{ source('shop', 'lines') }}.price from shop.orders, shop.lines
    `,
  );
  assert.deepEqual(found, {
    grouped: 'id integer, name text, total numeric',
    not_grouped:
      'postgres: column "l.price" must appear in the GROUP BY clause or be used in an aggregate function (42803)',
    system: 'ctid tid, made_in text',
    sampled: 'id integer',
    only: 'id integer',
    row: 'name text, paid numeric',
    whole: 'o shop.orders, others shop.orders[]',
    whole_unbuilt: 'unknown: it gives a whole row of a relation that is not built',
    locked: 'id integer',
    unbuilt:
      'postgres: column "g.name" must appear in the GROUP BY clause or be used in an aggregate function (42803)',
    of_unbuilt: 'unknown: it depends on a relation that is not built as its text has it',
    sampled_unbuilt: 'unknown: the columns of "only" are not known',
    qualified: 'id integer, price numeric',
  });
});

test('sources that changed since the catalog was read are believed as they are', () =>
  withSession(async (session, { settings }) => {
    await session.query('create schema shop; create table shop.orders (id int)');
    const { project } = projectOn(
      settings,
      `
      ==> models/sources.yml
      sources:
        - name: shop
          tables: [{ name: orders }]
      ==> models/a.sql
      select id, added from {{ source('shop', 'orders') }}
      `,
    );
    const catalog = await catalogOf(session, project);
    await session.query('alter table shop.orders add column added date');
    const found = await outcomes(session, project, catalog);
    assert.equal(printed(found.get('model.fixture.a')), 'id integer, added date');
  }));

test('what is not known is no error', async () => {
  const found = await described(
    '',
    `
    ==> dbt_project.yml
    name: fixture
    version: '1.0'
    profile: fixture
    ==> models/sources.yml
    sources:
      - name: shop
        tables: [{ name: orders }]
    ==> models/from_nowhere.sql
    select anything from {{ source('shop', 'orders') }}
    ==> models/asks.sql
    select {{ run_query('select 1').columns[0].values()[0] }} as one
    ==> models/below_asks.sql
    select two from {{ ref('asks') }}
    ==> models/broken.sql
    select 1 as one,
    ==> models/below_broken.sql
    select two from {{ ref('broken') }}
    ==> models/failing.sql
    select {{ nothing.at_all.here }}
    ==> models/empty.sql
    ==> models/hooked.sql
    {{ config(pre_hook="create temp table later as select 1 as one") }}
    select one, made_by_hook(one) from later
    ==> models/not_there.sql
    select one from later
    --              ^^^^^ postgres
    ==> models/no_function.sql
    select made_by_nobody(1) as one
    --     ^^^^^^^^^^^^^^ type-error
    ==> models/parameter.sql
    select $1::int as one
    --     ^^ postgres
    `,
  );
  assert.deepEqual(found, {
    from_nowhere: 'unknown: the columns of "orders" are not known',
    asks: 'unknown: its template asks the warehouse, which has not answered yet',
    below_asks: 'unknown: the columns of "asks" are not known',
    broken: 'unknown: its SQL cannot be read',
    below_broken: 'unknown: the columns of "broken" are not known',
    failing: 'unknown: its template fails',
    empty: 'unknown: it is not one query',
    hooked: 'unknown: a hook may create what is missing: relation "later" does not exist',
    not_there: 'postgres: relation "later" does not exist (42P01)',
    no_function:
      'type-error: function made_by_nobody(integer) does not exist. No function matches the given name and argument types. You might need to add explicit type casts. (42883)',
    parameter: 'postgres: there is no parameter $1 (42P02)',
  });
});
