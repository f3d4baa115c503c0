/** A name that no column has is marked, exactly, and only where that is certain. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parentColumns, relationColumns } from '../../server/src/ide/columns/parent-columns.ts';
import { renderedSql, treeOf } from '../../server/src/ide/columns/rendered.ts';
import { unknownColumns } from '../../server/src/ide/columns/unknown-columns.ts';
import { emptyCatalog, type Catalog } from '../../server/src/project/catalog.ts';
import { resolveScopes } from '../../server/src/sql/scopes/queries.ts';
import { assertAnnotations } from '../support/fixture-project.ts';
import { catalogOf, sampleSnapshot } from './columns-support.ts';
import { moment } from './snapshots.ts';

const CATALOG = catalogOf(`
  raw.orders(order_id bigint not null, customer_id integer, amount numeric(10,2))
  analytics.old(order_id bigint, gone text)
`);

const PARENTS = `
==> models/sources.yml
sources:
  - name: raw
    tables:
      - name: orders
      - name: events
        columns:
          - name: event_id
==> models/stg_orders.sql
select order_id, customer_id, amount as total from {{ source('raw', 'orders') }}
==> models/stg_events.sql
select *, 1 as one from {{ source('raw', 'events') }}
==> models/passing.sql
{{ config(materialized='ephemeral') }}
select order_id from {{ ref('stg_orders') }}
==> models/old.sql
select order_id, 1 as added from {{ ref('stg_orders') }}
==> models/asking.sql
select {{ run_query('select 1') }} as a from {{ ref('stg_orders') }}
==> macros/names.sql
{% macro wrong() %}nosuch{% endmacro %}
`.trim();

function check(model: string, catalog: Catalog = CATALOG): void {
  const { fixture, snapshot } = moment(`${model.trim()}\n${PARENTS}`, {}, catalog);
  const found = unknownColumns(snapshot, 'model.fixture.model').map(({ place, message, suggestion }) => {
    assert.ok(place);
    if (suggestion) assert.deepEqual(suggestion.range, place.range);
    return { path: place.path, range: place.range, expectation: message };
  });
  assertAnnotations(fixture, found);
}

describe('an unknown column is marked', () => {
  test('with what was probably meant', () => {
    check(`
select o.customr_id, order_id, totl
--       ^^^^^^^^^^ 'stg_orders' has no column 'customr_id'. Did you mean 'customer_id'?
--                             ^^^^ nothing that is read here has a column 'totl'. Did you mean 'total'?
from {{ ref('stg_orders') }} o
`);
  });

  test('in CTEs, subqueries and every clause', () => {
    check(
      `
with a as (
    select order_id as id, nosuch from {{ ref('stg_orders') }}
--                         ^^^^^^ nothing that is read here has a column 'nosuch'. There is 'order_id', 'customer_id', 'total'.
)
select a.order_id, s.x from a, (select 1 as y) s
--       ^^^^^^^^ 'a' has no column 'order_id'. There is 'id', 'nosuch'.
--                   ^ 's' has no column 'x'. There is 'y'.
where exists (select 1 from {{ source('raw', 'orders') }} r where r.id = a.id)
--                                                                  ^^ 'raw.orders' has no column 'id'. There is 'order_id', 'customer_id', 'amount'.
group by a.idd
--         ^^^ 'a' has no column 'idd'. Did you mean 'id'?
`,
    );
  });

  test('through ephemeral parents, and in an incremental branch', () => {
    check(`
{{ config(materialized='incremental') }}
select order_id from {{ ref('passing') }} p
{% if is_incremental() %}
where p.customer_id > 1
--      ^^^^^^^^^^^ 'passing' has no column 'customer_id'. There is 'order_id'.
{% endif %}
`);
  });

  test('of a parent’s present text, not of what was built of an older one', () => {
    check(`
select added, gone from {{ ref('old') }}
--            ^^^^ nothing that is read here has a column 'gone'. There is 'order_id', 'added'.
`);
  });

  test('as the server described the parent, where it did', () => {
    const [columns] = [...CATALOG.relations.values()].map((relation) => relation.columns);
    assert.ok(columns);
    const described = new Map([['model.fixture.stg_events', columns]]);
    check(
      `
select amount, one from {{ ref('stg_events') }}
--             ^^^ nothing that is read here has a column 'one'. There is 'order_id', 'customer_id', 'amount'.
`,
      { ...CATALOG, described },
    );
  });
});

describe('an incremental model that reads itself', () => {
  const model = `
{{ config(materialized='incremental') }}
select order_id from {{ ref('stg_orders') }}
{% if is_incremental() %}
where order_id > (select max(t.old_id) + max(t.nosuch) from {{ this }} t)
--                                             ^^^^^^ 'model' has no column 'nosuch'. There is 'order_id', 'old_id'.
{% endif %}
`;
  const built = catalogOf(`
  raw.orders(order_id bigint not null, customer_id integer, amount numeric(10,2))
  analytics.model(order_id bigint, old_id bigint)
`);

  test('reads the table that stands, old columns too', () => {
    check(model, built);
    const [, own] = [...built.relations.values()];
    assert.ok(own);
    const described = new Map([['model.fixture.model', own.columns.slice(0, 1)]]);
    check(model, { ...built, described });
  });
});

describe('nothing is marked', () => {
  const silent = (title: string, model: string, catalog?: Catalog): void => {
    test(title, () => {
      check(model, catalog);
    });
  };
  silent(
    'where the warehouse was never read',
    `select nosuch from {{ source('raw', 'orders') }}`,
    emptyCatalog,
  );
  silent('where only a property file lists columns', `select nosuch from {{ source('raw', 'events') }}`);
  silent('behind a star of something unknown', `select one, nosuch, e.nosuch from {{ ref('stg_events') }} e`);
  silent('where a parent asks the warehouse', `select nosuch from {{ ref('asking') }}`);
  silent('of what a macro wrote', `select {{ wrong() }} from {{ ref('stg_orders') }}`);
  silent('in a text that does not parse', `select nosuch, from {{ ref('stg_orders') }}`);
  silent('in a template that fails', `select nosuch, {{ no_such_macro() }} from {{ ref('stg_orders') }}`);
  silent('in a relation of no model', `select nosuch from elsewhere.things`);
  silent(
    'in models that read each other',
    `select nosuch from {{ ref('circle') }}\n==> models/circle.sql\nselect nosuch from {{ ref('model') }}`,
  );
});

describe('in the sample project', () => {
  test('every column means something, and none is called missing', async () => {
    const snapshot = await sampleSnapshot();
    let references = 0;
    for (const node of snapshot.project.manifest.nodes.values()) {
      assert.deepEqual(unknownColumns(snapshot, node.unique_id), []);
      for (const rendered of renderedSql(snapshot, node)) {
        const tree = treeOf(snapshot.parser, rendered);
        assert.ok(tree, node.unique_id);
        for (const { name, resolution } of resolveScopes(tree, relationColumns(snapshot, 'likely'))
          .references) {
          references++;
          assert.match(resolution.kind, /column|output|row/u, `${node.unique_id}: ${name}`);
        }
      }
    }
    assert.ok(references > 300);
  });

  test('a mart’s columns are worked out from SQL alone, as far down as the sources', async () => {
    const snapshot = await sampleSnapshot();
    const { columns, isComplete } = parentColumns(
      snapshot,
      `model.${snapshot.project.world.root.name}.weekly_sales`,
    );
    assert.ok(isComplete);
    assert.ok(columns.some(({ name, type }) => name === 'week_start' && type === 'date'));
  });
});
