/** An edit of one file gives the project that reading everything anew would give. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadProject, projectWith, type Project } from '../../server/src/project/project.ts';
import { projectFromFixture } from '../support/project.ts';

const SHOP = `
==> models/staging/stg_orders.sql
{{ config(materialized='view') }}
select id as order_id, amount from {{ source('raw', 'orders') }}
==> models/staging/stg_payments.sql
select * from {{ ref('payments') }}
==> models/orders.sql
{{ config(materialized='incremental', unique_key='order_id') }}
select {{ cents('amount') }} as amount, order_id from {{ ref('stg_orders') }}
{% if is_incremental() %} where order_id > 1 {% endif %}
==> models/summary.sql
with a as (select * from {{ ref('orders') }}) select count(*) as n from a
==> models/once.sql
{{ config(materialized='ephemeral') }}
select 1 as a
==> seeds/payments.csv
id,amount
1,2
==> macros/cents.sql
{% macro cents(column) %}{{ column }} / 100{% endmacro %}
==> tests/no_orders.sql
select * from {{ ref('orders') }} where amount < 0
==> analyses/look.sql
select * from {{ ref('summary') }}
==> snapshots/kept.sql
{% snapshot kept %}
{{ config(strategy='check', unique_key='order_id', check_cols='all', target_schema='s') }}
select * from {{ ref('orders') }}
{% endsnapshot %}
==> models/schema.yml
version: 2
sources:
  - name: raw
    tables: [{name: orders}]
models:
  - name: orders
    description: One row per order
    config: {meta: {grain: [order_id]}}
    columns:
      - name: order_id
        data_tests: [unique, not_null]
  - name: summary
    constraints: [{type: primary_key, columns: [n]}]
unit_tests:
  - name: cents_are_cents
    model: orders
    overrides: {macros: {is_incremental: false}}
    given: [{input: ref('stg_orders'), rows: [{order_id: 1, amount: 100}]}]
    expect: {rows: [{order_id: 1, amount: 1}]}
exposures:
  - name: board
    type: dashboard
    owner: {name: a}
    depends_on: [ref('summary')]
`;

/** What an edit puts in: names that are there and that are not, configuration, broken templates, nothing. */
const SCRAPS = [
  "{{ ref('stg_orders') }}",
  "{{ ref('orders') }}",
  "{{ ref('summary') }}",
  "{{ ref('nowhere') }}",
  "{{ ref('once') }}",
  "{{ source('raw', 'orders') }}",
  "{{ source('raw', 'nothing') }}",
  "{{ config(materialized='table') }}",
  "{{ config(alias='other') }}",
  '{{ config(enabled=false) }}',
  "{{ cents('x') }}",
  '{{ nobody() }}',
  '{% if is_incremental() %}',
  '{% endif %}',
  '{% if %}',
  '{{ ',
  ' from (',
  '-- x\n',
  '\n',
  ' ',
  '',
  '{% set a = 1 %}',
  '🌾',
];

test('random edits, one after the other, give what a fresh reading gives', () => {
  const { project: first } = projectFromFixture(SHOP);
  const paths = [...first.input.files.keys()].filter((path) => path !== 'dbt_project.yml');
  let seed = 7;
  const next = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  let project = first;
  let cheap = 0;
  for (let round = 0; round < 400; round++) {
    // Now and then everything is as it was, or the project would stay broken.
    if (round % 8 === 0) project = first;
    const path = next(3) > 0 ? (paths[next(4)] ?? '') : (paths[next(paths.length)] ?? '');
    const text = project.input.files.get(path)?.text ?? '';
    const at = next(text.length + 1);
    const edited =
      text.slice(0, at) +
      (SCRAPS[next(SCRAPS.length)] ?? '') +
      text.slice(Math.min(text.length, at + next(4)));
    const made = projectWith(project, path, edited).project;
    assert.ok(made, `round ${String(round)}`);
    const fresh = loadProject(made.input).project;
    assert.ok(fresh);
    assert.deepEqual(picture(made), picture(fresh), `round ${String(round)}: ${path}\n${edited}`);
    if (made.world === project.world && made !== project) cheap += 1;
    project = made;
  }
  assert.ok(cheap > 100, `only ${String(cheap)} edits took the short way`);
});

/** All that others see of a project, in an order that does not depend on how it was made. */
function picture(project: Project): unknown {
  const byId = (items: ReadonlyMap<string, unknown>): unknown =>
    [...items].sort(([one], [other]) => (one < other ? -1 : 1));
  const { manifest, graph, diagnostics } = project;
  return JSON.parse(
    JSON.stringify({
      nodes: byId(manifest.nodes),
      disabled: byId(manifest.disabled),
      unitTests: byId(manifest.unitTests),
      exposures: byId(manifest.exposures),
      parents: byId(graph.parents),
      children: byId(graph.children),
      origins: [...project.origins]
        .map(([id, { raw, entry, path }]) => [id, raw?.file.text, entry?.path, path])
        .sort(),
      diagnostics: diagnostics.map((found) => JSON.stringify(found)).sort(),
    }),
  );
}
