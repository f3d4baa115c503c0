/** The lineage that an editor shows: whom it shows, what each card says, and in which lane it stands. */

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { LastResults } from '../../server/src/ide/lineage/cards.ts';
import { loadLayout, type Layout } from '../../server/src/ide/lineage/layout.ts';
import type { LineageGraph, LineageQuery } from '../../server/src/ide/lineage/lineage-graph.ts';
import { lineageView } from '../../server/src/ide/lineage/lineage-view.ts';
import type { Catalog } from '../../server/src/project/catalog.ts';
import { emptyCatalog } from '../../server/src/project/catalog.ts';
import { projectFromFixture } from '../support/project.ts';

let layout: Layout;
before(async () => {
  layout = await loadLayout();
});

const SHOP = `
  ==> models/_shop.yml
  sources:
    - name: shop
      tables:
        - name: orders
          columns: [{ name: id, data_type: bigint }]
        - name: items
  models:
    - name: stg_orders
      config: { meta: { grain: [order_id] } }
      columns:
        - name: order_id
          data_type: bigint
          data_tests: [unique, not_null]
        - name: amount
  exposures:
    - name: board
      type: dashboard
      owner: { name: A }
      depends_on: [ref('fct_orders')]
  ==> models/staging/stg_orders.sql
  select * from {{ source('shop', 'orders') }}
  ==> models/staging/stg_items.sql
  select * from {{ source('shop', 'items') }}
  ==> models/int_priced.sql
  select * from {{ ref('stg_items') }}
  ==> models/marts/fct_orders.sql
  {{ config(materialized='table') }}
  select * from {{ ref('stg_orders') }} join {{ ref('int_priced') }} using (order_id)
  ==> models/marts/rpt_daily.sql
  select * from {{ ref('fct_orders') }}
  ==> tests/orders_add_up.sql
  select * from {{ ref('fct_orders') }} where amount < 0
`;

const WHOLE: LineageQuery = { uniqueId: null, up: 1, down: 1, open: [] };

function view(
  source: string,
  query: Partial<LineageQuery> = {},
  results: LastResults = new Map(),
  catalog: Catalog = emptyCatalog,
): LineageGraph {
  return lineageView(projectFromFixture(source).project, catalog, results, { ...WHOLE, ...query }, layout);
}

const names = ({ nodes }: LineageGraph): string[] => nodes.map(({ name }) => name).sort();

function card(graph: LineageGraph, name: string): LineageGraph['nodes'][number] {
  const found = graph.nodes.find((node) => node.name === name);
  assert.ok(found, `There is no card for ${name}.`);
  return found;
}

test('one sees the open model with one hop each way, and how many neighbours are left out', () => {
  const graph = view(SHOP, { uniqueId: 'model.fixture.fct_orders' });
  assert.deepEqual(names(graph), ['board', 'fct_orders', 'int_priced', 'rpt_daily', 'stg_orders']);
  assert.equal(graph.total, 8);
  assert.equal(graph.all.length, 8);
  assert.deepEqual(graph.nodes.map(({ name, hiddenUp, hiddenDown }) => [name, hiddenUp, hiddenDown]).sort(), [
    ['board', 0, 0],
    ['fct_orders', 0, 0],
    ['int_priced', 1, 0],
    ['rpt_daily', 0, 0],
    ['stg_orders', 1, 0],
  ]);
});

test('more hops reach further on their side only', () => {
  const graph = view(SHOP, { uniqueId: 'model.fixture.int_priced', up: 2, down: 0 });
  assert.deepEqual(names(graph), ['int_priced', 'shop.items', 'stg_items']);
  assert.equal(card(graph, 'int_priced').hiddenDown, 1);
});

test('the neighbours of one card can be shown without those of all others', () => {
  const expanded = [{ uniqueId: 'model.fixture.int_priced', side: 'up' as const }];
  const graph = view(SHOP, { uniqueId: 'model.fixture.fct_orders', expanded });
  assert.ok(names(graph).includes('stg_items'));
  assert.ok(!names(graph).includes('shop.orders'));
  assert.equal(card(graph, 'int_priced').hiddenUp, 0);
});

test('tests are no cards: they are counted on the card of what they test, with how they last went', () => {
  const unique = 'test.fixture.unique_stg_orders_order_id.e3b841c71a';
  const all = view(SHOP);
  assert.ok(!names(all).some((name) => name.includes('unique')));
  const { project } = projectFromFixture(SHOP);
  const ids = [...project.manifest.nodes.keys()].filter((id) => id.startsWith('test.'));
  const notNull = ids.find((id) => id.includes('not_null')) ?? '';
  const isUnique = ids.find((id) => id.includes('unique')) ?? unique;
  const graph = view(
    SHOP,
    {},
    new Map([
      [notNull, { status: 'pass', failures: 0 }],
      [isUnique, { status: 'fail', failures: 3 }],
      ['model.fixture.stg_orders', { status: 'success', failures: null }],
    ]),
  );
  const { tests, status } = card(graph, 'stg_orders');
  assert.deepEqual([tests.total, tests.passed, tests.failed], [2, 1, 1]);
  assert.deepEqual([...tests.names].sort(), ['not_null_stg_orders_order_id', 'unique_stg_orders_order_id']);
  assert.equal(status, 'success');
  assert.equal(card(graph, 'fct_orders').tests.total, 1);
});

test('the lineage of a test is that of what it tests; of nothing known there is none, and it says so', () => {
  assert.equal(view(SHOP, { uniqueId: 'test.fixture.orders_add_up' }).focus, 'model.fixture.fct_orders');
  const gone = view(SHOP, { uniqueId: 'model.fixture.gone' });
  assert.deepEqual([gone.focus, gone.nodes.length, gone.total], [null, 0, 8]);
});

test('columns come from Postgres, else from the property file, and keys from the declared grain', () => {
  const declared = card(view(SHOP), 'stg_orders');
  assert.equal(declared.columnsFrom, 'declared');
  assert.deepEqual(declared.columns, [
    { name: 'order_id', type: 'bigint', isKey: true },
    { name: 'amount', type: null, isKey: false },
  ]);
  const column = { name: 'total', type: 'numeric', typeOid: 1700, typmod: -1, notNull: false, comment: null };
  const catalog = { ...emptyCatalog, described: new Map([['model.fixture.stg_orders', [column]]]) };
  const described = card(view(SHOP, {}, new Map(), catalog), 'stg_orders');
  assert.deepEqual(
    [described.columnsFrom, described.columns.map(({ name }) => name)],
    ['described', ['total']],
  );
  assert.equal(card(view(SHOP), 'fct_orders').columnsFrom, null);
});

test('an open card has room for its columns', () => {
  const graph = view(SHOP, { open: ['model.fixture.stg_orders'] });
  assert.equal(card(graph, 'stg_orders').height, 46 + 2 * 22);
  assert.equal(card(graph, 'stg_items').height, 46);
});

test('lanes stand in the order of the layers, and every edge runs from left to right', () => {
  const graph = view(SHOP);
  assert.deepEqual(
    graph.lanes.map(({ title, count }) => `${title} ${count}`),
    ['Raw 2', 'Staging 2', 'Intermediate 1', 'Mart 2', 'Exposures 1'],
  );
  for (const { from, to } of graph.edges) {
    const [left, right] = [from, to].map((id) => graph.nodes.find(({ uniqueId }) => uniqueId === id));
    assert.ok(left && right && left.x + left.width < right.x, `${from} → ${to} runs backwards.`);
  }
  for (const { x, width, layer } of graph.nodes) {
    const lane = graph.lanes.find((each) => each.layer === layer);
    assert.ok(
      lane && lane.x <= x && x + width <= lane.x + lane.width,
      `A card of ${layer} is out of its lane.`,
    );
  }
});

test('cards never lie on each other', () => {
  const { nodes } = view(SHOP, { open: ['model.fixture.stg_orders'] });
  for (const a of nodes)
    for (const b of nodes)
      assert.ok(
        a === b ||
          a.x + a.width <= b.x ||
          b.x + b.width <= a.x ||
          a.y + a.height <= b.y ||
          b.y + b.height <= a.y,
        `${a.name} lies on ${b.name}.`,
      );
});

test('an edge begins at one card and ends at the other, in cubic pieces', () => {
  const graph = view(SHOP);
  for (const { from, to, points } of graph.edges) {
    assert.equal((points.length - 1) % 3, 0);
    const [left, right] = [from, to].map((id) => graph.nodes.find(({ uniqueId }) => uniqueId === id));
    assert.deepEqual(points[0], { x: (left?.x ?? 0) + (left?.width ?? 0), y: (left?.y ?? 0) + 23 });
    assert.deepEqual(points.at(-1), { x: right?.x, y: (right?.y ?? 0) + 23 });
  }
});

test('a model that reads from a later layer stands right of it, and a circle is drawn all the same', () => {
  const late = view(`
    ==> models/marts/dim_a.sql
    select 1 as id
    ==> models/staging/stg_late.sql
    select * from {{ ref('dim_a') }}
  `);
  assert.ok(card(late, 'stg_late').x > card(late, 'dim_a').x);
  assert.equal(card(late, 'stg_late').layer, 'staging');
  const circle = view(`
    ==> models/a.sql
    select * from {{ ref('b') }}
    ==> models/b.sql
    select * from {{ ref('a') }}
  `);
  assert.deepEqual([names(circle), circle.edges.length], [['a', 'b'], 2]);
});

test('what a result changes moves no card', () => {
  const place = ({ nodes }: LineageGraph): unknown => nodes.map(({ name, x, y }) => [name, x, y]);
  const failed = view(SHOP, {}, new Map([['model.fixture.stg_orders', { status: 'error', failures: null }]]));
  assert.deepEqual(place(failed), place(view(SHOP)));
  assert.equal(card(failed, 'stg_orders').status, 'error');
});

test('a click leads to the file, or to the name in its property file', () => {
  const { fixture } = projectFromFixture(SHOP);
  const graph = view(SHOP);
  const textAt = (name: string): string | undefined => {
    const { place } = card(graph, name);
    return place && fixture.files.get(place.path)?.slice(place.range.start, place.range.end);
  };
  assert.equal(card(graph, 'stg_orders').place?.path, 'models/staging/stg_orders.sql');
  assert.equal(textAt('shop.items'), 'items');
  assert.equal(textAt('board'), 'board');
});

test('layers are told by folder, then by name, and unknown ones stand where they fit', () => {
  const graph = view(`
    ==> models/marts/finance/intermediate/pay.sql
    select 1 as id
    ==> models/1_staging/raw_pay.sql
    select 1 as id
    ==> models/dim_day.sql
    select 1 as id
    ==> models/staging/fct_like_a_fact.sql
    select 1 as id
    ==> models/whatever.sql
    select * from {{ ref('dim_day') }}
    ==> seeds/codes.csv
    a
  `);
  const layers = Object.fromEntries(graph.nodes.map(({ name, layer }) => [name, layer]));
  assert.deepEqual(layers, {
    codes: 'raw',
    dim_day: 'mart',
    fct_like_a_fact: 'staging',
    pay: 'intermediate',
    raw_pay: 'staging',
    whatever: 'other',
  });
  assert.deepEqual(
    graph.lanes.map(({ layer }) => layer),
    ['raw', 'staging', 'intermediate', 'mart', 'other'],
  );
});
