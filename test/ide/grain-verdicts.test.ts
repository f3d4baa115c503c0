/** Verdicts over rows are said where they are certain, at the right place, and not to those who do not want to hear them. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileFindings } from '../../server/src/ide/file-findings.ts';
import { projectVerdicts } from '../../server/src/ide/grain/verdicts.ts';
import { assertAnnotations } from '../support/fixture-project.ts';
import { sampleSnapshot } from './columns-support.ts';
import { moment } from './snapshots.ts';
import { placed } from '../checks/diagnose.ts';

const SHOP = `
  ==> seeds/orders.csv
  order_id,customer_id,total
  ==> seeds/payments.csv
  payment_id,order_id,amount
  ==> seeds/notes.csv
  order_id,note
  ==> seeds/seeds.yml
  seeds:
    - name: orders
      columns: [{name: order_id, data_tests: [unique, not_null]}]
    - name: payments
      columns: [{name: payment_id, data_tests: [unique, not_null]}]`;

/** All that is said of a fixture must be what its carets say. */
function says(source: string): readonly string[] {
  const { fixture, snapshot } = moment(SHOP + source);
  const found = projectVerdicts(snapshot);
  assertAnnotations(fixture, placed(found));
  return found.map(({ message }) => message);
}

describe('an aggregate over repeated rows', () => {
  test('is named with what it counts, what repeats it and why', () => {
    const [message] = says(`
  ==> models/totals.sql
  select sum(o.total) as total
  --     ^^^^^^^^^^^^ double-counting
  from {{ ref('orders') }} o
  join {{ ref('payments') }} using (order_id)`);
    assert.equal(
      message,
      "sum(o.total) counts a row of 'orders' once for each row of 'payments', which has one row per payment_id and may have several for one order_id.",
    );
  });

  test('has the join beside it', () => {
    const { snapshot } = moment(`${SHOP}
  ==> models/totals.sql
  select sum(o.total) as total from {{ ref('orders') }} o join {{ ref('payments') }} p on p.order_id = o.order_id`);
    const [found] = projectVerdicts(snapshot);
    const [related] = found?.related ?? [];
    const text = snapshot.project.input.files.get('models/totals.sql')?.text ?? '';
    assert.equal(text.slice(related?.place.range.start, related?.place.range.end), "{{ ref('payments') }}");
  });

  test('that a macro writes is marked at its call', () => {
    says(`
  ==> macros/total.sql
  {% macro total(of) %}sum({{ of }}.total){% endmacro %}
  ==> models/totals.sql
  select {{ total('o') }} as total
  --     ^^^^^^^^^^^^^^^^ double-counting
  from {{ ref('orders') }} o join {{ ref('payments') }} p on p.order_id = o.order_id`);
  });

  test('in an ephemeral model is said there and not by those who read it', () => {
    says(`
  ==> models/totals.sql
  {{ config(materialized='ephemeral') }}
  select sum(o.total) as total
  --     ^^^^^^^^^^^^ double-counting
  from {{ ref('orders') }} o join {{ ref('payments') }} p on p.order_id = o.order_id
  ==> models/reader.sql
  select total from {{ ref('totals') }}`);
  });

  test('is not guessed where nobody knows what the other side has one row for', () => {
    says(`
  ==> models/totals.sql
  select sum(o.total) as total
  from {{ ref('orders') }} o join {{ ref('notes') }} n on n.order_id = o.order_id`);
  });

  test('is not guessed where a key is compared, in whatever words', () => {
    says(`
  ==> models/totals.sql
  select sum(o.total) as total
  from {{ ref('orders') }} o
  left join {{ ref('payments') }} p on mine(p.payment_id::text) = lower('x' || o.customer_id)
  ==> models/more.sql
  select sum(p.amount) as total
  from {{ ref('payments') }} p
  left join {{ ref('orders') }} o on (o.order_id::text = p.order_id || '')`);
  });
});

describe('nobody hears', () => {
  const WRONG = `
  from {{ ref('orders') }} o join {{ ref('payments') }} p on p.order_id = o.order_id`;

  test('what a comment in the line or above it says to ignore', () => {
    says(`
  ==> models/a.sql
  select sum(o.total) as total -- grainline: ignore double-counting${WRONG}
  ==> models/b.sql
  {# grainline: ignore grain-not-unique, double-counting #}
  select sum(o.total) as total${WRONG}
  ==> models/c.sql
  select /* grainline: ignore double-counting */
    sum(o.total) as total, sum(o.customer_id) as more
  --^^^^^^^^^^^^ double-counting
  --                       ^^^^^^^^^^^^^^^^^^ double-counting${WRONG}`);
  });

  test('what the model, its entry or its folder says to ignore', () => {
    says(`
  ==> models/a.sql
  {{ config(meta={'grainline': {'ignore': ['double-counting']}}) }}
  select sum(o.total) as total${WRONG}
  ==> models/b.sql
  select sum(o.total) as total${WRONG}
  ==> models/b.yml
  models:
    - name: b
      config: {meta: {grainline: {ignore: double-counting}}}`);
    says(`
  ==> dbt_project.yml
  name: fixture
  profile: fixture
  models:
    fixture:
      old:
        +meta: {grainline: {ignore: [double-counting]}}
  ==> models/old/a.sql
  select sum(o.total) as total${WRONG}
  ==> models/b.sql
  select sum(o.total) as total
  --     ^^^^^^^^^^^^ double-counting${WRONG}`);
  });

  test('but names that no verdict has are told', () => {
    says(`
  ==> models/a.sql
  {{ config(meta={'grainline': {'ignore': ['double-count']}}) }}
  --             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unknown-ignore
  select 1 as id -- grainline: ignore grain
  --                                  ^^^^^ unknown-ignore`);
  });
});

test('a grain that a property file declares is judged in that file', () => {
  const { snapshot } = moment(`${SHOP}
  ==> models/wide.sql
  select o.order_id, p.payment_id from {{ ref('orders') }} o join {{ ref('payments') }} p on p.order_id = o.order_id
  ==> models/wide.yml
  models: [{name: wide, config: {meta: {grain: [order_id]}}}]`);
  const codes = (path: string): readonly string[] => fileFindings(snapshot, path).map(({ code }) => code);
  assert.deepEqual(codes('models/wide.yml'), ['grain-not-unique']);
  assert.deepEqual(codes('models/wide.sql'), []);
});

test('nothing is wrong with the rows of the project in this repository', async () => {
  assert.deepEqual(projectVerdicts(await sampleSnapshot()), []);
});
