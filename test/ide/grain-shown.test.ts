/** What rows are one row for is shown where one looks: on hover, at CTEs, at joins, and while a text is half typed. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { grainHints } from '../../server/src/ide/grain/grain-hints.ts';
import { hover } from '../../server/src/ide/hover.ts';
import type { Snapshot } from '../../server/src/ide/snapshot.ts';
import { projectWith } from '../../server/src/project/project.ts';
import { moment } from './snapshots.ts';

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

describe('hovering over', () => {
  const says = (source: string): string => {
    const { snapshot, cursor } = moment(SHOP + source);
    return hover(snapshot, cursor())?.markdown ?? '';
  };

  test('a ref says what the model has one row for, from what, and what is never NULL', () => {
    const text = says(`
  ==> models/paid.sql
  select order_id, count(*) as payments from {{ ref('payments') }} group by order_id
  ==> models/wide.sql
  select o.order_id as id, p.payments from {{ ref('orders') }} o left join {{ ref('paid') }} p on p.order_id = o.order_id
  ==> models/reader.sql
  select * from {{ ref('w$0ide') }}`);
    assert.match(
      text,
      /One row per `id`, proven from the test unique\\_orders\\_order\\_id and the SQL of paid\./u,
    );
    assert.match(text, /Never NULL: `id`\./u);
  });

  test('a ref says why nothing is known', () => {
    const text = says(`
  ==> models/wide.sql
  select n.note from {{ ref('notes') }} n
  ==> models/reader.sql
  select * from {{ ref('w$0ide') }}`);
    assert.match(text, /Grain unknown: nothing says what notes \(n\) has one row for\./u);
  });

  test('the name of a CTE and an alias say it of their rows', () => {
    const text = says(`
  ==> models/wide.sql
  with pa$0id as (select order_id, sum(amount) as amount from {{ ref('payments') }} group by order_id)
  select * from paid`);
    assert.match(text, /One row per `order_id`, proven from the SQL alone\./u);
  });

  test('the word JOIN says whether rows come more than once after it', () => {
    assert.equal(
      says(`
  ==> models/wide.sql
  select 1 as one from {{ ref('orders') }} o left jo$0in {{ ref('payments') }} p on p.order_id = o.order_id`),
      'This join may repeat rows of what stands before it. After it: one row per `o.order_id`, `p.payment_id`.',
    );
    assert.match(
      says(`
  ==> models/wide.sql
  select 1 as one from {{ ref('payments') }} p jo$0in {{ ref('orders') }} o on p.order_id = o.order_id`),
      /^This join finds one row at most for each row before it\. After it: one row per `payment_id`/u,
    );
  });
});

describe('beside the text', () => {
  const SOURCE = `${SHOP}
  ==> models/wide.sql
  with paid as (
    select order_id, sum(amount) as amount from {{ ref('payments') }} group by order_id
  )
  select o.order_id, p.amount
  from {{ ref('orders') }} o
  join paid p on p.order_id = o.order_id
  join {{ ref('payments') }} each on each.order_id = o.order_id`;

  /** Each line that has a hint, cut where the hint stands. */
  const shown = (snapshot: Snapshot): readonly string[] => {
    const text = snapshot.project.input.files.get('models/wide.sql')?.text ?? '';
    return grainHints(snapshot, 'models/wide.sql').map(
      ({ offset, label }) => `${text.slice(0, offset).split('\n').at(-1) ?? ''}| ${label}`,
    );
  };

  test('stand a CTE’s grain at its name and a join’s where it repeats rows', () => {
    assert.deepEqual(shown(moment(SOURCE).snapshot), [
      'with paid| one row per order_id',
      "join {{ ref('payments') }}| one row per payment_id",
    ]);
  });

  test('the last good ones, moved with the edit, while the text is half typed', () => {
    const { snapshot } = moment(SOURCE);
    shown(snapshot);
    const text = snapshot.project.input.files.get('models/wide.sql')?.text ?? '';
    const half = text.replace('select o.order_id, p.amount', 'select o.order_id, 😀 (p.amount');
    const { project } = projectWith(snapshot.project, 'models/wide.sql', half);
    assert.ok(project);
    assert.deepEqual(shown({ ...snapshot, project }), [
      'with paid| one row per order_id',
      "join {{ ref('payments') }}| one row per payment_id",
    ]);
  });

  test('nothing where nothing is known', () => {
    const { snapshot } = moment(`${SHOP}
  ==> models/wide.sql
  with some_notes as (select * from {{ ref('notes') }})
  select * from some_notes`);
    assert.deepEqual(shown(snapshot), []);
  });
});
