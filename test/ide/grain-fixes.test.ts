/** Each fix of a verdict over rows leaves SQL that Postgres accepts, and the verdict is gone. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeActions } from '../../server/src/ide/code-actions.ts';
import { renderedSql } from '../../server/src/ide/columns/rendered.ts';
import { projectVerdicts } from '../../server/src/ide/grain/verdicts.ts';
import type { Snapshot } from '../../server/src/ide/snapshot.ts';
import { emptyCatalog } from '../../server/src/project/catalog.ts';
import { withFile } from '../../server/src/project/files.ts';
import { loadProject } from '../../server/src/project/project.ts';
import { loadSqlParser } from '../../server/src/sql/parser.ts';
import { projectOn } from '../describe/describing.ts';
import { withSession } from '../support/postgres.ts';

const SHOP = `
  ==> seeds/orders.csv
  order_id,customer_id,total
  ==> seeds/payments.csv
  payment_id,order_id,amount
  ==> seeds/seeds.yml
  seeds:
    - name: orders
      columns: [{name: order_id, data_tests: [unique, not_null]}]
    - name: payments
      columns:
        - name: payment_id
          data_tests: [unique, not_null]
        - name: order_id
`;

const parser = await loadSqlParser();

interface Fixed {
  readonly title: string;
  readonly verdicts: readonly string[];
  readonly snapshot: Snapshot;
}

/** What each fix of each verdict leaves; Postgres plans the SQL of every model after it. */
function fixes(source: string): Promise<readonly Fixed[]> {
  return withSession(async (session, { settings }) => {
    const { project } = projectOn(settings, SHOP + source);
    await session.query(
      `create schema analytics; create table analytics.orders (order_id bigint, customer_id bigint, total numeric);
       create table analytics.payments (payment_id bigint, order_id bigint, amount numeric)`,
    );
    const before: Snapshot = { project, catalog: emptyCatalog, parser };
    const found: Fixed[] = [];
    for (const verdict of projectVerdicts(before)) {
      const { path = '', range = { start: 0, end: 0 } } = verdict.place ?? {};
      for (const { title, edits } of codeActions(before, path, range, [verdict])) {
        let { files } = project.input;
        for (const edit of edits.toSorted((a, b) => b.range.start - a.range.start)) {
          const text = files.get(edit.path)?.text ?? '';
          files = withFile(
            files,
            edit.path,
            text.slice(0, edit.range.start) + edit.text + text.slice(edit.range.end),
          );
        }
        const made = loadProject({ ...project.input, files });
        assert.ok(made.project, title);
        const snapshot: Snapshot = { ...before, project: made.project };
        for (const node of made.project.manifest.nodes.values()) {
          if (node.resource_type !== 'model') continue;
          const [rendered] = renderedSql(snapshot, node);
          assert.ok(rendered, title);
          await session.query(`explain ${rendered.sql.text}`);
        }
        found.push({ title, snapshot, verdicts: projectVerdicts(snapshot).map(({ code }) => code) });
      }
    }
    return found;
  });
}

const textOf = ({ snapshot }: Fixed | Record<'snapshot', Snapshot>, path: string): string =>
  snapshot.project.input.files.get(path)?.text ?? '';

test('a sum over repeated rows: aggregate, keep one row, or say that there is but one', async () => {
  const found = await fixes(`
  ==> models/customers.sql
  {{ config(materialized='table') }}
  select o.customer_id, sum(o.total) as total, sum(p.amount) as paid
  from {{ ref('orders') }} o
  left join {{ ref('payments') }} p on p.order_id = o.order_id
  group by o.customer_id`);
  assert.deepEqual(
    found.map(({ title, verdicts }) => [title, verdicts]),
    [
      ["Aggregate 'payments' per order_id in a CTE", []],
      ["Keep the first row of 'payments' for each order_id", []],
      ["Say that 'payments' has one row per order_id: a unique test", []],
    ],
  );
  const [aggregated, kept, told] = found;
  assert.ok(aggregated && kept && told);
  assert.equal(
    textOf(aggregated, 'models/customers.sql').trim(),
    `{{ config(materialized='table') }}
with payments_per_order_id as (
  select order_id, sum(amount) as amount
  from {{ ref('payments') }}
  group by order_id
)
select o.customer_id, sum(o.total) as total, sum(p.amount) as paid
from {{ ref('orders') }} o
left join payments_per_order_id p on p.order_id = o.order_id
group by o.customer_id`,
  );
  assert.match(
    textOf(kept, 'models/customers.sql'),
    /left join \(select distinct on \(order_id\) \* from \{\{ ref\('payments'\) \}\} order by order_id, payment_id\) p on/u,
  );
  assert.match(textOf(told, 'seeds/seeds.yml'), /- name: order_id\n\s+data_tests: \[unique\]/u);
});

test('beside other CTEs, and where nothing but its own name names the many side', async () => {
  const found = await fixes(`
  ==> models/customers.sql
  with big as (select * from {{ ref('orders') }} where total > 10)
  select big.customer_id, sum(big.total) as total, max(payments.amount) as largest
  from big
  join {{ ref('payments') }} using (order_id)
  group by 1`);
  assert.deepEqual(
    found.map(({ verdicts }) => verdicts),
    [[], [], []],
  );
  const text = found[0] ? textOf(found[0], 'models/customers.sql') : '';
  assert.match(text, /^with payments_per_order_id as \(\n {2}select order_id, max\(amount\) as amount\n/u);
  assert.match(text, /\), big as \(select/u);
  assert.match(text, /join payments_per_order_id as payments using/u);
});

test('what is read row by row is not aggregated before', async () => {
  const found = await fixes(`
  ==> models/customers.sql
  select o.customer_id, count(o.order_id) as orders, count(p.payment_id) as payments
  from {{ ref('orders') }} o
  left join {{ ref('payments') }} p on p.order_id = o.order_id
  group by o.customer_id`);
  assert.deepEqual(
    found.map(({ title, verdicts }) => [title, verdicts]),
    [
      ['Count each value once', []],
      ["Keep the first row of 'payments' for each order_id", []],
      ["Say that 'payments' has one row per order_id: a unique test", []],
    ],
  );
});

test('a wrong grain: declare the one that is proven', async () => {
  const found = await fixes(`
  ==> models/wide.sql
  select o.order_id, p.payment_id
  from {{ ref('orders') }} o
  join {{ ref('payments') }} p on p.order_id = o.order_id
  ==> models/wide.yml
  models:
    - name: wide
      config: {meta: {grain: [order_id]}}`);
  assert.deepEqual(
    found.map(({ title, verdicts }) => [title, verdicts]),
    [['Declare one row per payment_id', []]],
  );
});
