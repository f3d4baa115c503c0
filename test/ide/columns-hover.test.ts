/** What a column is and where it is made, under the cursor. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { columnDefinition } from '../../server/src/ide/columns/column-definition.ts';
import { hoverColumn } from '../../server/src/ide/columns/hover-column.ts';
import { catalogOf } from './columns-support.ts';
import { moment, quote } from './snapshots.ts';

const CATALOG = catalogOf(`
  raw.orders(order_id bigint not null, customer_id integer, amount numeric(10,2))
`);

const PARENTS = `
==> models/sources.yml
sources:
  - name: raw
    tables:
      - name: orders
        columns:
          - name: order_id
            description: The order's number.
      - name: events
        columns:
          - name: event_id
            data_type: text
==> models/stg_orders.sql
with source as (
    select * from {{ source('raw', 'orders') }}
)
select order_id, customer_id, amount / 100 as total from source
==> models/staging.yml
models:
  - name: stg_orders
    columns:
      - name: ORDER_ID
        description: Its number, as *staged*.
      - name: customer_id
`.trim();

const MODEL = `with orders as (
    select * from {{ ref('stg_orders') }}
),
sums as (
    select customer_id as customer, sum(total) as total, max(order_id) as last_id from orders as o group by 1
)`;

function hovered(model: string): string | undefined {
  const { snapshot, cursor, fixture } = moment(`${model}\n${PARENTS}`, {}, CATALOG);
  const hover = hoverColumn(snapshot, cursor());
  if (!hover) return undefined;
  const text = fixture.files.get(cursor().path) ?? '';
  return `«${text.slice(hover.range.start, hover.range.end)}» ${hover.markdown}`;
}

function defined(model: string): readonly string[] {
  const { snapshot, cursor } = moment(`${model}\n${PARENTS}`, {}, CATALOG);
  return columnDefinition(snapshot, cursor()).map(({ place, name }) => {
    const end = quote(snapshot, { ...place, range: name });
    return place.range.start === name.start && place.range.end === name.end
      ? end
      : `${end} in ${JSON.stringify(quote(snapshot, place).slice(place.path.length + 2))}`;
  });
}

describe('hover says of', () => {
  const says = (title: string, model: string, expected: string | undefined): void => {
    test(title, () => {
      assert.equal(hovered(model), expected);
    });
  };
  says(
    'a parent’s column: its type, its description, where it comes from',
    `select o.order$0_id from {{ ref('stg_orders') }} o`,
    '«order_id» **order\\_id** `bigint`\n\nIts number, as *staged*.\n\nFrom `stg_orders.order_id`',
  );
  says(
    'a source’s column that is not null there',
    `select order$0_id from {{ source('raw', 'orders') }} o`,
    "«order_id» **order\\_id** `bigint`\n\nThe order's number.\n\nFrom `raw.orders.order_id`, not null there",
  );
  says(
    'a column that passes through CTEs',
    `${MODEL}, again as (select o.order_id as id from orders as o) select again.i$0d from again`,
    '«id» **id** `bigint`\n\nIts number, as *staged*.\n\nFrom `stg_orders.order_id` through `again`, `o`',
  );
  says(
    'a column that is made of others',
    `${MODEL} select total$0 from sums`,
    '«total» **total**\n\nMade of `o.total`',
  );
  says(
    'a new name, where it is given',
    `${MODEL.replace('customer,', 'cust$0omer,')} select 1 from sums`,
    '«customer» **customer** `integer`\n\nFrom `stg_orders.customer_id` through `o`',
  );
  says(
    'an alias',
    `select o$0.order_id from {{ ref('stg_orders') }} o`,
    '«o» **o**: model `stg_orders`\n\n- `order_id` bigint\n- `customer_id` integer\n- `total`\n\n' +
      'Grain unknown: nothing says what orders has one row for.  \nNever NULL: `order_id`.',
  );
  says(
    'a star',
    `select $0* from {{ ref('stg_orders') }} o`,
    '«*» All columns\n\n- `order_id` bigint\n- `customer_id` integer\n- `total`',
  );
  says(
    'a CTE',
    `${MODEL.replace('sums as', 'su$0ms as')} select 1`,
    '«sums» CTE **sums**\n\n- `customer` integer\n- `total`\n- `last_id`\n\n' +
      'One row per `customer`, proven from the SQL alone.  \nNever NULL: `last_id`.',
  );
  says(
    'a column of a relation that only a property file knows',
    `select event_id$0 from {{ source('raw', 'events') }}`,
    '«event_id» **event\\_id** `text`\n\nFrom `raw.events.event_id`',
  );
  says(
    'a column in a text that does not parse',
    `select o.order_id$0, from {{ ref('stg_orders') }} o where (`,
    '«order_id» **order\\_id** `bigint`\n\nIts number, as *staged*.\n\nFrom `stg_orders.order_id`',
  );
  says('a keyword, nothing', `sel$0ect 1`, undefined);
  says('a name that nothing has, nothing', `select nosuch$0 from {{ ref('stg_orders') }}`, undefined);
  says(
    'an expression of the template, nothing',
    `select {{ 'order$0_id' }} from {{ ref('stg_orders') }}`,
    undefined,
  );

  test('a column that a property file lists', () => {
    const { snapshot, cursor } = moment(
      `select 1\n${PARENTS.replace('ORDER_ID', 'ORDER$0_ID')}`,
      {},
      CATALOG,
    );
    const hover = hoverColumn(snapshot, cursor());
    assert.equal(
      hover?.markdown,
      '**ORDER\\_ID** `bigint`\n\nIts number, as *staged*.\n\nColumn of `stg_orders`',
    );
  });
});

describe('definition leads from', () => {
  const leads = (title: string, model: string, expected: readonly string[]): void => {
    test(title, () => {
      assert.deepEqual(defined(model), expected);
    });
  };
  leads(
    'a parent’s column to where it is made and listed',
    `select order_id$0 from {{ ref('stg_orders') }}`,
    [
      'models/stg_orders.sql: order_id',
      'models/staging.yml: ORDER_ID in "name: ORDER_ID\\n        description: Its number, as *staged*.\\n"',
    ],
  );
  leads('a source’s column to its entry', `select order_id$0 from {{ source('raw', 'orders') }}`, [
    `models/sources.yml: order_id in "name: order_id\\n            description: The order's number.\\n"`,
  ]);
  leads('a CTE’s column to its name there', `${MODEL} select total$0 from sums`, ['models/model.sql: total']);
  leads('a column behind stars to the parent', `${MODEL} select total$0 from orders`, [
    'models/stg_orders.sql: total',
  ]);
  leads('a qualifier to the alias', `select o$0.order_id from {{ ref('stg_orders') }} as o`, [
    'models/model.sql: o',
  ]);
  leads('a CTE’s name to the CTE', `with a as (select 1 as one) select one from $0a`, [
    'models/model.sql: a in "a as (select 1 as one)"',
  ]);
  leads('a qualifier that is a CTE’s name to the CTE', `with a as (select 1 as one) select a$0.one from a`, [
    'models/model.sql: a in "a as (select 1 as one)"',
  ]);
  leads(
    'ORDER BY to the query’s own column',
    `select sum(total) as n from {{ ref('stg_orders') }} order by n$0`,
    ['models/model.sql: n'],
  );
  leads(
    'a column of a text that does not parse',
    `with a as (select 1 as one) select a.one$0, from a where (`,
    ['models/model.sql: one'],
  );
  leads('what is unknown to nowhere', `select nosuch$0 from {{ ref('stg_orders') }}`, []);
});
