/** Columns are offered wherever one can be named: half typed, before the first save, in every CTE. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { completeColumn } from '../../server/src/ide/columns/complete-column.ts';
import { completeYamlColumn } from '../../server/src/ide/columns/complete-yaml-column.ts';
import type { Completion } from '../../server/src/ide/answers.ts';
import { catalogOf } from './columns-support.ts';
import { moment, withText } from './snapshots.ts';

const CATALOG = catalogOf(`
  raw.orders(order_id bigint not null, customer_id integer, amount numeric(10,2))
  raw.customers(customer_id integer not null, Name text, user text)
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
      - name: customers
      - name: events
        columns:
          - name: event_id
            data_type: text
==> models/stg_orders.sql
select order_id, customer_id, amount as total from {{ source('raw', 'orders') }}
`;

function offered(model: string): readonly Completion[] {
  const { snapshot, cursor } = moment(`${model}\n${PARENTS.trim()}`, {}, CATALOG);
  return completeColumn(snapshot, cursor());
}

/** Labels in the order of their ranks, and what each replaces in the model. */
function labels(model: string): string {
  return [...offered(model)]
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
    .map(({ label, insert, detail }) =>
      [
        label,
        ...(insert === label ? [] : [`as ${insert}`]),
        ...(detail === undefined ? [] : [`(${detail})`]),
      ].join(' '),
    )
    .join(', ');
}

const STG = 'order_id (bigint), customer_id (integer), total (numeric(10,2))';

describe('columns are offered', () => {
  const offers = (title: string, model: string, expected: string): void => {
    test(title, () => {
      assert.equal(labels(model), expected);
    });
  };
  offers('behind an alias', `select o.$0 from {{ ref('stg_orders') }} as o`, STG);
  offers('behind a relation without an alias', `select stg_orders.$0 from {{ ref('stg_orders') }}`, STG);
  offers('bare in an empty SELECT', `select $0 from {{ ref('stg_orders') }} as o`, `${STG}, o (stg_orders)`);
  offers(
    'in WHERE at the end of the file',
    `select 1 from {{ ref('stg_orders') }} where $0`,
    `${STG}, stg_orders (stg_orders)`,
  );
  offers(
    'on an empty line at the end',
    `select 1 from {{ ref('stg_orders') }} as o\nwhere\n  $0\n`,
    `${STG}, o (stg_orders)`,
  );
  offers(
    'in ON',
    `select 1 from {{ ref('stg_orders') }} a join {{ source('raw', 'customers') }} c on a.total = c.$0`,
    `customer_id (integer), Name as "Name" (text), user (text)`,
  );
  offers(
    'quoted where the server would read them otherwise',
    `select $0 from {{ source('raw', 'customers') }} c`,
    `customer_id (integer), Name as "Name" (text), user as "user" (text), c (customers)`.replace(
      '(customers)',
      '(raw.customers)',
    ),
  );
  offers(
    'with their item where several have them',
    `select $0 from {{ ref('stg_orders') }} o join {{ source('raw', 'customers') }} c on true`,
    `order_id (bigint), o.customer_id (integer), total (numeric(10,2)), c.customer_id (integer), Name as "Name" (text), user as "user" (text), o (stg_orders), c (raw.customers)`,
  );
  offers(
    'once where USING merges them',
    `select $0 from {{ ref('stg_orders') }} o join {{ ref('stg_orders') }} p using (order_id, customer_id, total)`,
    `${STG}, o (stg_orders), p (stg_orders)`,
  );
  offers(
    'in a CTE that is not closed',
    `with a as (\n  select order_id as id from {{ ref('stg_orders') }}\n), b as (\n  select a.$0 from a`,
    'id (bigint)',
  );
  offers(
    'in a CTE before others',
    `with a as (select o.$0 from {{ ref('stg_orders') }} o), b as (select * from a) select * from b`,
    STG,
  );
  offers(
    'through stars of CTEs',
    `with a as (select * from {{ ref('stg_orders') }}), b as (select *, 1 as one from a) select b.$0 from b`,
    `${STG}, one (integer)`,
  );
  offers(
    'of a CTE before FROM is written',
    `with a as (select order_id as id from {{ ref('stg_orders') }})\nselect a.$0`,
    'id (bigint)',
  );
  offers(
    'of a subquery',
    `select s.$0 from (select order_id + 1 as next_id from {{ ref('stg_orders') }}) s`,
    'next_id',
  );
  offers(
    'in ORDER BY, what the query names first',
    `select count(*) as n from {{ ref('stg_orders') }} o group by order_id order by $0`,
    `n, ${STG}, o (stg_orders)`,
  );
  offers(
    'of relations that only a property file knows',
    `select e.$0 from {{ source('raw', 'events') }} e`,
    'event_id (text)',
  );
  offers('and CTEs in FROM', `with a as (select 1), b as (select 2) select * from $0`, 'b (CTE), a (CTE)');
  offers('behind a broken expression', `select {{ broken( }}, o.$0 from {{ ref('stg_orders') }} o`, STG);
  offers(
    'while the call before is not closed',
    `select o.$0 from {{ ref('stg_orders') }} o where x = {{ var('x'`,
    STG,
  );
  offers(
    'where the template asks the warehouse',
    `{% set x = run_query('select 1') %} select o.$0 from {{ ref('stg_orders') }} o where {{ x }}`,
    STG,
  );
  offers(
    'in a branch that a run does not take',
    `select 1 from {{ ref('stg_orders') }} o {% if false %} where o.$0 {% endif %}`,
    STG,
  );
  offers(
    'in an incremental branch',
    `{{ config(materialized='incremental') }} select 1 from {{ ref('stg_orders') }} o {% if is_incremental() %} where o.$0 {% endif %}`,
    STG,
  );
  offers(
    'in a loop',
    `select {% for x in [1, 2] %} o.$0, {% endfor %} 1 from {{ ref('stg_orders') }} o`,
    STG,
  );
  offers(
    'in a block that is printed elsewhere',
    `{% set q %} select o.$0 from {{ ref('stg_orders') }} o {% endset %} select 1`,
    STG,
  );
  offers(
    'where white space is trimmed',
    `select\n$0\n{%- if true %} from {{ ref('stg_orders') }} o {% endif %}`,
    `${STG}, o (stg_orders)`,
  );
  offers('behind characters of every width', `select 'é😀', o.$0 from {{ ref('stg_orders') }} as o`, STG);
});

describe('columns are offered in other templates too:', () => {
  const fileOffers = (title: string, files: string): void => {
    test(title, () => {
      assert.equal(labels(files), STG);
    });
  };
  fileOffers(
    'the second snapshot of a file',
    `==> snapshots/s.sql
{% snapshot one %}{{ config(unique_key='a', strategy='check', check_cols='all') }} select 1 as a {% endsnapshot %}
{% snapshot two %}{{ config(unique_key='a', strategy='check', check_cols='all') }}
select o.$0 from {{ ref('stg_orders') }} o
{% endsnapshot %}`,
  );
  fileOffers('a test', `==> tests/t.sql\nselect o.$0 from {{ ref('stg_orders') }} o`);
  fileOffers('an analysis', `==> analyses/a.sql\nselect o.$0 from {{ ref('stg_orders') }} o`);
  fileOffers(
    'one with a ref that nothing answers',
    `select o.$0 from {{ ref('stg_orders') }} o, {{ ref('nope') }}`,
  );
  fileOffers(
    'one that loops over an answer of the warehouse',
    `{% set names = missing_package.names() %}
select o.$0, {% for name in names %} sum({{ name }}), {% endfor %} 1 from {{ ref('stg_orders') }} o`,
  );
  fileOffers(
    'one with a block that is not closed',
    `select o.$0 from {{ ref('stg_orders') }} o {% if true %} where`,
  );
});

describe('nothing is offered', () => {
  const silent = (title: string, model: string): void => {
    test(title, () => {
      assert.equal(labels(model), '');
    });
  };
  silent('in a comment', `select 1 -- o.$0\nfrom {{ ref('stg_orders') }} o`);
  silent('in a comment of the template', `select {# o.$0 #} 1 from {{ ref('stg_orders') }} o`);
  silent('in a string', `select 'o.$0' from {{ ref('stg_orders') }} o`);
  silent('in an expression', `select {{ o.$0 }} from {{ ref('stg_orders') }} o`);
  silent('in a tag', `select {% if o.$0 %} 1 {% endif %} from {{ ref('stg_orders') }} o`);
  silent('as an alias', `select 1 as $0 from {{ ref('stg_orders') }} o`);
  silent('behind what is no item', `select nobody.$0 from {{ ref('stg_orders') }} o`);
  silent('behind a schema in FROM', `select 1 from analytics.$0`);
});

describe('a completion', () => {
  test('replaces the name around the cursor, and nothing else', () => {
    const [first] = offered(`select o.or$0der, 1 from {{ ref('stg_orders') }} o`);
    assert.deepEqual(first?.replace, { start: 9, end: 14 });
    const [none] = offered(`select o.$0 from {{ ref('stg_orders') }} o`);
    assert.deepEqual(none?.replace, { start: 9, end: 9 });
  });

  test('replaces only what stands in the file where an expression wrote the rest', () => {
    const [first] = offered(`select {{ 'or' }}de$0 from {{ ref('stg_orders') }} o`);
    assert.deepEqual(first?.replace, { start: 17, end: 19 });
  });

  test('is documented by what its origin says of it', () => {
    const [first] = offered(
      `with a as (select * from {{ ref('stg_orders') }}) select $0 from {{ source('raw', 'orders') }}`,
    );
    assert.equal(first?.documentation, "The order's number.\n\n`raw.orders.order_id`");
  });

  test('comes in a file with CRLF as in any other', () => {
    const { snapshot } = moment(`select 1\n${PARENTS.trim()}`, {}, CATALOG);
    const text = "select\r\n  o.\r\nfrom {{ ref('stg_orders') }} as o\r\n";
    const edited = withText(snapshot, 'models/model.sql', text);
    const found = completeColumn(edited, { path: 'models/model.sql', offset: text.indexOf('o.') + 2 });
    assert.deepEqual(
      found.map(({ label, replace }) => [label, replace.start]),
      [
        ['order_id', 12],
        ['customer_id', 12],
        ['total', 12],
      ],
    );
  });
});

describe('in a property file', () => {
  const listed = (properties: string): string => {
    const { snapshot, cursor } = moment(
      `${PARENTS.trim()}\n==> models/properties.yml\n${properties.trim()}`,
      {},
      CATALOG,
    );
    return completeYamlColumn(snapshot, cursor())
      .map(({ insert, detail }) => `${insert} (${detail ?? '?'})`)
      .join(', ');
  };

  test('a model’s columns are offered that are not listed yet', () => {
    const found = listed(`
models:
  - name: stg_orders
    columns:
      - name: order_id
      - name: to$0
        description: x`);
    assert.equal(found, 'customer_id (integer), total (numeric(10,2))');
  });

  test('a new item gets its key', () => {
    const found = listed(`
models:
  - name: stg_orders
    columns:
      - name: order_id
      - $0`);
    assert.equal(found, 'name: customer_id (integer), name: total (numeric(10,2))');
  });

  test('a source’s columns are offered', () => {
    const found = listed(`
sources:
  - name: raw
    tables:
      - name: customers
        columns:
          - name: $0`);
    assert.equal(found, 'customer_id (integer), Name (text), user (text)');
  });

  test('elsewhere nothing is offered', () => {
    assert.equal(listed('models:\n  - name: $0'), '');
    assert.equal(listed('models:\n  - name: stg_orders\n    description: $0'), '');
    assert.equal(
      listed('models:\n  - name: stg_orders\n    columns:\n      - name: a\n        description: $0'),
      '',
    );
  });
});
