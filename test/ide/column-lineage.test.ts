/** Where the columns of a project come from and where they go: through ephemerals, seeds, snapshots, and what is not known. */

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { columnLineage, endsOf, type Directions } from '../../server/src/ide/lineage/column-lineage.ts';
import type { ColumnEdge, ColumnPlace } from '../../server/src/ide/lineage/model-edges.ts';
import type { Snapshot } from '../../server/src/ide/snapshot.ts';
import { loadSqlParser } from '../../server/src/sql/parser.ts';
import { projectFromFixture } from '../support/project.ts';
import { catalogOf } from './columns-support.ts';

const SHOP = `
  ==> models/_shop.yml
  sources:
    - name: raw
      schema: raw
      tables: [{ name: orders }, { name: payments }, { name: hidden }]
  ==> models/stg_orders.sql
  {{ config(materialized='ephemeral') }}
  select id as order_id, status, placed_at::date as day from {{ source('raw', 'orders') }} where status <> 'test'
  ==> models/stg_payments.sql
  select * from {{ source('raw', 'payments') }}
  ==> models/fct_orders.sql
  with paid as (
    select order_id, sum(amount) as total from {{ ref('stg_payments') }} group by order_id
  )
  select o.order_id, o.day, coalesce(p.total, 0) as total_amount
  from {{ ref('stg_orders') }} as o left join paid as p on p.order_id = o.order_id
  ==> models/rpt_days.sql
  select day, sum(total_amount) as total, count(*) as orders from {{ ref('fct_orders') }} group by day
  ==> models/rpt_big.sql
  select order_id from {{ ref('fct_orders') }} where total_amount > 100
  ==> models/blind.sql
  select * from {{ source('raw', 'hidden') }}
  ==> models/behind.sql
  select x, y from {{ ref('blind') }}
  ==> models/broken.sql
  select day frm {{ ref('fct_orders') }} where (
  ==> snapshots/orders_then.sql
  {% snapshot orders_then %}
  {{ config(target_schema='snap', unique_key='order_id', strategy='timestamp', updated_at='day') }}
  select order_id, day from {{ ref('fct_orders') }}
  {% endsnapshot %}
`;

const CATALOG = `raw.orders(id bigint not null, status text, placed_at timestamp with time zone)
  raw.payments(id bigint, order_id bigint, amount numeric(10,2))
  analytics.stg_payments(id bigint, order_id bigint, amount numeric(10,2))`;

let snapshot: Snapshot;
before(async () => {
  const { project } = projectFromFixture(SHOP);
  snapshot = { project, catalog: catalogOf(CATALOG), parser: await loadSqlParser() };
});

function place({ uniqueId, column }: ColumnPlace): string {
  return `${uniqueId.split('.').slice(2).join('.')}${column === null ? '' : `:${column}`}`;
}

function edge({ from, to, how }: ColumnEdge): string {
  return `${place(from)} → ${place(to)} ${how}`;
}

function graph(model: string, column: string, directions: Directions): ReturnType<typeof columnLineage> {
  const id = snapshot.project.graph.ids;
  const uniqueId = [...id].find((each) => each.endsWith(`.${model}`)) ?? '';
  assert.notEqual(uniqueId, '', model);
  return columnLineage(snapshot, { uniqueId, column }, directions);
}

describe('a column', () => {
  test('is followed up to its sources, through CTEs, models and renames', () => {
    const found = graph('rpt_days', 'total', 'upstream');
    assert.deepEqual(endsOf(found).map(place), ['raw.payments:amount']);
    assert.deepEqual(found.upstream.filter(({ to }) => to.column !== null).map(edge), [
      'fct_orders:total_amount → rpt_days:total aggregated',
      'stg_payments:amount → fct_orders:total_amount aggregated',
      'raw.payments:amount → stg_payments:amount passed through',
    ]);
    assert.deepEqual(found.unknown, []);
  });

  test('shows the expression at each hop, as it is written', () => {
    const [, first] = graph('rpt_days', 'total', 'upstream').upstream.filter(({ to }) => to.column !== null);
    assert.deepEqual(first?.hops, [
      { query: '', column: 'total_amount', how: 'computed', expression: 'coalesce(p.total, 0)' },
      { query: 'paid', column: 'total', how: 'aggregated', expression: 'sum(amount)' },
    ]);
  });

  test('is told once what decides about the rows of each model on the way', () => {
    const rows = graph('fct_orders', 'day', 'upstream').upstream.filter(({ to }) => to.column === null);
    assert.deepEqual(rows.filter(({ from }) => from.column !== null).map(edge), [
      'stg_payments:order_id → fct_orders joining',
      'stg_orders:order_id → fct_orders joining',
      'raw.orders:status → stg_orders filtering',
    ]);
  });

  test('comes through an ephemeral model as through any other', () => {
    const found = graph('fct_orders', 'day', 'upstream');
    assert.deepEqual(endsOf(found).map(place), ['raw.orders:placed_at']);
    assert.ok(found.upstream.map(edge).includes('raw.orders:placed_at → stg_orders:day computed'));
  });

  test('is followed down to all that is made of it, or filtered by it', () => {
    assert.deepEqual(graph('raw.payments', 'amount', 'downstream').downstream.map(edge), [
      'raw.payments:amount → stg_payments:amount passed through',
      'stg_payments:amount → fct_orders:total_amount aggregated',
      'fct_orders:total_amount → rpt_days:total aggregated',
      'fct_orders:total_amount → rpt_big filtering',
    ]);
  });

  test('of count(*) are the rows, and what decides which there are', () => {
    const found = graph('rpt_days', 'orders', 'upstream').upstream.map(edge);
    assert.ok(found.includes('fct_orders → rpt_days:orders aggregated'));
    assert.ok(found.includes('raw.orders → stg_orders passed through'));
  });

  test('goes into a snapshot, and into the validity that it is told by', () => {
    const found = graph('fct_orders', 'day', 'downstream').downstream.map(edge);
    assert.ok(found.includes('fct_orders:day → orders_then:day passed through'), found.join('\n'));
    assert.ok(found.includes('fct_orders:day → orders_then:dbt_valid_from computed'), found.join('\n'));
  });
});

describe('what is not known', () => {
  test('is said of the model where it is met, on the way up', () => {
    const { upstream, unknown } = graph('behind', 'x', 'upstream');
    assert.deepEqual(upstream, []);
    assert.match(unknown[0]?.reason ?? '', /not known/u);
    assert.equal(unknown[0]?.side, 'upstream');
  });

  test('is said of the readers that cannot be read, on the way down', () => {
    const { unknown } = graph('fct_orders', 'day', 'downstream');
    assert.deepEqual(
      unknown.map(({ uniqueId, side }) => [uniqueId.split('.').at(-1), side]),
      [['broken', 'downstream']],
    );
  });
});
