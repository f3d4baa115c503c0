/** A quick fix writes what was meant in the place of what is written, and nothing else. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runChecks } from '../../server/src/checks/check-project.ts';
import { codeActions } from '../../server/src/ide/code-actions.ts';
import { moment } from './snapshots.ts';

/** The line of each file after its one fix. */
function fixed(source: string, path: string): readonly string[] {
  const { snapshot } = moment(source);
  const found = runChecks(snapshot.project, snapshot.parser);
  const text = snapshot.project.input.files.get(path)?.text ?? '';
  return codeActions(snapshot, path, { start: 0, end: text.length }, found).map(({ edits }) => {
    assert.equal(edits.length, 1);
    const [{ range, text: written }] = edits as [(typeof edits)[0]];
    const after = text.slice(0, range.start) + written + text.slice(range.end);
    return after.split('\n').find((line, index) => line !== text.split('\n')[index]) ?? '';
  });
}

test('a ref, a source, a table and a macro', () => {
  const project = (line: string): string => `
      ==> models/model.sql
      select '😀', {# {{ ref('paymnts') }} #} ${line}
      ==> models/payments.sql
      select 1 as id
      ==> models/sources.yml
      sources: [{name: shop, tables: [{name: orders}]}]
      ==> macros/money.sql
      {% macro cents(a) %}{{ a }}{% endmacro %}`;
  for (const [wrong, right] of [
    [`* from {{ ref("paymnts") }}`, `* from {{ ref("payments") }}`],
    [`* from {{ source('shop', 'order') }}`, `* from {{ source('shop', 'orders') }}`],
    [`* from {{ source('shp', 'orders') }}`, `* from {{ source('shop', 'orders') }}`],
    [`{{ cent('a') }} as a`, `{{ cents('a') }} as a`],
    [`1 as a {{ config(materialised='view') }}`, `1 as a {{ config(materialized='view') }}`],
    [`1 as a {{ config({'materialised': 'view'}) }}`, `1 as a {{ config({'materialized': 'view'}) }}`],
  ] as const) {
    const [line, ...others] = fixed(project(wrong), 'models/model.sql');
    assert.equal(line, `select '😀', {# {{ ref('paymnts') }} #} ${right}`);
    assert.deepEqual(others, []);
  }
});

test('in property files and dbt_project.yml', () => {
  const source = (entry: string): string => `
      ==> models/orders.sql
      select 1 as id
      ==> models/schema.yml
      models:
        - name: orders
          ${entry}`;
  for (const [wrong, right] of [
    ['descripton: x', 'description: x'],
    [`'descripton': x`, `'description': x`],
    ['data_tests: [uniqe_combination, nt_null]', 'data_tests: [uniqe_combination, not_null]'],
    ['config: {materialised: view}', 'config: {materialized: view}'],
    [
      "data_tests: [{relationships: {to: ref('ordrs'), field: id, column_name: id}}]",
      "data_tests: [{relationships: {to: ref('orders'), field: id, column_name: id}}]",
    ],
  ] as const)
    assert.deepEqual(fixed(source(wrong), 'models/schema.yml'), [`    ${right}`]);
  assert.deepEqual(
    fixed(
      `
      ==> dbt_project.yml
      name: fixture
      models:
        +materialised: view
      ==> models/orders.sql
      select 1 as id`,
      'dbt_project.yml',
    ),
    ['  +materialized: view'],
  );
});

test('nothing is proposed where nothing is close, or where it would be said twice', () => {
  assert.deepEqual(fixed("select * from {{ ref('something_else') }}", 'models/model.sql'), []);
  assert.deepEqual(
    fixed(
      `
      ==> models/orders.sql
      select 1 as id
      ==> models/schema.yml
      models:
        - name: orders
          description: a
          descripton: b`,
      'models/schema.yml',
    ),
    [],
  );
});
