/** Hovering over a name says what is known of it, and no secret. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hoverName } from '../../server/src/ide/hover-name.ts';
import { emptyCatalog, type Catalog } from '../../server/src/project/catalog.ts';
import type { Settings } from '../../server/src/project/settings.ts';
import { moment } from './snapshots.ts';

const PROJECT = `
      ==> dbt_project.yml
      name: fixture
      vars: {start_date: '2020-01-01', over: 1}
      ==> models/orders.sql
      {{ config(materialized='table') }} select * from {{ source('shop', 'payments') }}
      ==> models/report.sql
      select * from {{ ref('orders') }}
      ==> models/schema.yml
      models:
        - name: orders
          description: "All orders. {{ doc('more') }}"
          config: {meta: {grain: [order_id, line]}}
          columns:
            - name: order_id
              description: Which order.
              data_tests: [not_null]
      sources:
        - name: shop
          description: Where we sell.
          tables:
            - name: payments
              description: Money.
              loaded_at_field: paid_at
              freshness: {warn_after: {count: 1, period: day}, error_after: {count: 2, period: day}}
              columns: [{name: amount, data_type: numeric}]
      ==> models/docs.md
      {% docs more %}More of **them**.{% enddocs %}
      ==> macros/money.sql
      {% macro cents(column, places=2) %}{{ column }}{% endmacro %}
      ==> macros/schema.yml
      macros:
        - name: cents
          description: Euros to cents.
          arguments: [{name: column, type: string, description: Which.}]`;

function hover(
  line: string,
  settings: Partial<Settings> = {},
  catalog: Catalog = emptyCatalog,
): string | undefined {
  const { snapshot, cursor } = moment(
    `
      ==> models/model.sql
      ${line}${PROJECT}`,
    settings,
    catalog,
  );
  return hoverName(snapshot, cursor())?.markdown;
}

test('a model: how it is built, its grain, its columns, its neighbours', () => {
  assert.equal(
    hover("select * from {{ ref('$0orders') }}"),
    [
      '**orders** · model · table · `"warehouse"."analytics"."orders"`',
      'All orders. More of **them**.',
      'one row per order_id and line, as declared',
      'Grain unknown: the relation "payments" is not known.',
      '- `order_id` – Which order.',
      '`models/orders.sql`  \n1 parent · 2 children · 1 test',
    ].join('\n\n'),
  );
});

test("the warehouse's columns with their types, at most twelve", () => {
  const columns = Array.from({ length: 20 }, (_, index) => ({
    name: index === 0 ? 'order_id' : `column_${String(index)}`,
    type: 'integer',
    typeOid: 23,
    typmod: -1,
    notNull: false,
    comment: null,
  }));
  const catalog: Catalog = { ...emptyCatalog, described: new Map([['model.fixture.orders', columns]]) };
  const lines = hover("select * from {{ ref('$0orders') }}", {}, catalog)?.split('\n') ?? [];
  assert.ok(lines.includes('- `order_id` integer – Which order.'));
  assert.ok(lines.includes('- `column_11` integer'));
  assert.ok(lines.includes('- … 8 more'));
  assert.equal(lines.filter((line) => line.startsWith('- ')).length, 13);
});

test('a source and its table', () => {
  assert.equal(
    hover("select * from {{ source('shop', 'pay$0ments') }}"),
    [
      '**shop.payments** · source · `"warehouse"."shop"."payments"`',
      'Money.',
      'freshness warns after 1 day, fails after 2 days, by `paid_at`',
      '- `amount` numeric',
      '`models/schema.yml`  \n0 parents · 2 children · 0 tests',
    ].join('\n\n'),
  );
  assert.equal(
    hover("select * from {{ source('sh$0op', 'payments') }}"),
    ['**shop** · source · 1 table in `shop`', 'Where we sell.', '- `payments`'].join('\n\n'),
  );
});

test('a macro, a built-in one too', () => {
  assert.equal(
    hover("select {{ ce$0nts('a') }}"),
    [
      '```jinja\nmacro cents(column, places=2)\n```',
      'Euros to cents.',
      '- `column` string – Which.',
      'fixture · `macros/money.sql`',
    ].join('\n\n'),
  );
  assert.match(
    hover("select {{ date$0add('day', 1, 'd') }}") ?? '',
    /macro dateadd\(datepart, interval, from_date_or_timestamp\)[^]*library:dbt/u,
  );
});

test('a variable: its value, and who gave it', () => {
  assert.match(hover("{{ var('start$0_date') }}") ?? '', /"2020-01-01"[^]*set in `dbt_project\.yml`/u);
  assert.match(hover("{{ var('ov$0er') }}", { vars: { over: 2 } }) ?? '', /\n2\n[^]*`--vars`/u);
  assert.match(hover("{{ var('nob$0ody', 1) }}") ?? '', /the default of the call holds/u);
  assert.match(hover("{{ var('nob$0ody') }}") ?? '', /no default/u);
});

test('a variable of the environment keeps its value to itself', () => {
  const environment = new Map([['API_KEY', 'very-secret']]);
  const text = hover("{{ env_var('API_$0KEY', 'fallback-secret') }}", { environment }) ?? '';
  assert.match(text, /API_KEY.*\n\nThe call has a default/u);
  assert.doesNotMatch(text, /secret/u);
});

test('a configuration key, a docs block, a column', () => {
  assert.match(
    hover("{{ config(material$0ized='view') }} select 1") ?? '',
    /How the model becomes a relation.*`view`/su,
  );
  assert.equal(hover("{{ config(own_k$0ey='view') }} select 1"), undefined);
  const { snapshot } = moment(`
      ==> models/model.sql
      select 1${PROJECT}`);
  const path = 'models/schema.yml';
  const text = snapshot.project.input.files.get(path)?.text ?? '';
  const at = (word: string): string | undefined =>
    hoverName(snapshot, { path, offset: text.indexOf(word) + 1 })?.markdown;
  assert.equal(at("more') }}"), ['More of **them**.', 'docs · `models/docs.md`'].join('\n\n'));
  assert.equal(at('amount'), '**amount** · column of payments · numeric');
  assert.equal(at('order_id\n'), '**order_id** · column of orders\n\nWhich order.');
});

test('what is unknown, plain or a comment has nothing to say', () => {
  for (const line of [
    "{{ ref('nob$0ody') }}",
    "{# {{ ref('or$0ders') }} #}",
    "select 'or$0ders'",
    "{{ ref('orders' }$0}",
  ])
    assert.equal(hover(line), undefined, line);
});

test('a function of dbt, unless the template gives its name another meaning', () => {
  assert.match(hover("select * from {{ re$0f('orders') }}") ?? '', /ref\('model'\)[^]*built before/u);
  assert.match(hover('select * from {{ th$0is }}') ?? '', /relation/u);
  assert.equal(hover('{% set this = 1 %}{{ th$0is }}'), undefined);
  assert.equal(hover('select th$0is'), undefined);
});

test('a property file that is broken in one line still speaks in the others', () => {
  const { snapshot, cursor } = moment(`
    ==> models/orders.sql
    select 1 as id
    ==> models/schema.yml
    models:
      - name: report
        data_tests: [unique
      - name: or$0ders
  `);
  assert.match(hoverName(snapshot, cursor())?.markdown ?? '', /\*\*orders\*\* · model/u);
});

test('a disabled model says so', () => {
  const { snapshot, cursor } = moment(`
    ==> models/away.sql
    {{ config(enabled=false) }} select 1
    ==> models/schema.yml
    models:
      - name: aw$0ay
  `);
  assert.match(hoverName(snapshot, cursor())?.markdown ?? '', /\*\*away\*\* · model · disabled/u);
});
