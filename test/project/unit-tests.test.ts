/** Unit tests as the project reads them: of versions, of incremental and of disabled models. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { plan } from '../../server/src/run/plan.ts';
import type { Project } from '../../server/src/project/project.ts';
import { projectFromFixture } from '../support/project.ts';

function read(source: string): Project {
  return projectFromFixture(`==> dbt_project.yml
name: shop
profile: shop
${source}`).project;
}

function complaints(project: Project): string[] {
  return project.diagnostics.filter(({ code }) => code === 'unit-test').map(({ message }) => message);
}

describe('a unit test of a versioned model', () => {
  const versioned = (versions: string): Project =>
    read(`==> models/orders_v1.sql
select 1 as id
==> models/orders_v2.sql
select 1 as id
==> models/schema.yml
models:
  - name: orders
    latest_version: 2
    versions: [{v: 1}, {v: 2}]
unit_tests:
  - name: one
    model: orders
    given: []
    expect: {rows: [{id: 1}]}
${versions}`);
  test('is one for each version', () => {
    const project = versioned('');
    assert.deepEqual(
      [...project.manifest.unitTests.keys()],
      ['unit_test.shop.orders.one_v1', 'unit_test.shop.orders.one_v2'],
    );
    assert.deepEqual(complaints(project), []);
  });
  test('may name some, or leave some out, but not both', () => {
    const only = versioned('    versions: {include: [2]}\n');
    assert.deepEqual([...only.manifest.unitTests.keys()], ['unit_test.shop.orders.one_v2']);
    const without = versioned('    versions: {exclude: [2]}\n');
    assert.deepEqual([...without.manifest.unitTests.keys()], ['unit_test.shop.orders.one_v1']);
    assert.match(complaints(versioned('    versions: {include: [1], exclude: [2]}\n'))[0] ?? '', /both/);
    assert.match(complaints(versioned('    versions: {include: [3]}\n'))[0] ?? '', /version .* not found/);
  });
});

describe('a unit test of an incremental model', () => {
  const incremental = (more: string): string[] =>
    complaints(
      read(`==> models/seen.sql
select 1 as id
==> models/events.sql
{{ config(materialized='incremental') }}
select * from {{ ref('seen') }}
{% if is_incremental() %}where id > (select max(id) from {{ this }}){% endif %}
==> models/schema.yml
unit_tests:
  - name: adds
    model: events
    given:
      - input: ref('seen')
        rows: [{id: 1}]
${more}    expect: {rows: [{id: 1}]}
`),
    );
  test('says whether the model finds rows of its own', () => {
    assert.match(incremental('')[0] ?? '', /Boolean override for 'is_incremental'/);
    assert.deepEqual(incremental('    overrides: {macros: {is_incremental: false}}\n'), []);
  });
  test('and then gives them', () => {
    const override = '    overrides: {macros: {is_incremental: true}}\n';
    assert.match(incremental(override)[0] ?? '', /must have a 'this' input/);
    assert.deepEqual(incremental(`      - input: this\n        rows: [{id: 0}]\n${override}`), []);
  });
});

test('the unit test of a disabled model is disabled', () => {
  const project = read(`==> models/gone.sql
{{ config(enabled=false) }}
select 1 as id
==> models/schema.yml
unit_tests:
  - name: one
    model: gone
    given: []
    expect: {rows: [{id: 1}]}
`);
  assert.equal(project.manifest.unitTests.size, 0);
  assert.ok(project.manifest.disabled.has('unit_test.shop.gone.one'));
  assert.deepEqual(complaints(project), []);
});

test('in a build the unit tests of a model run one by one, and before it', () => {
  const project = read(`==> models/orders.sql
select 1 as id
==> models/schema.yml
unit_tests:
  - {name: a, model: orders, given: [], expect: {rows: [{id: 1}]}}
  - {name: b, model: orders, given: [], expect: {rows: [{id: 1}]}}
`);
  const [a, b] = ['unit_test.shop.orders.a', 'unit_test.shop.orders.b'] as const;
  const { steps } = plan(project, 'build', new Set(['model.shop.orders', a, b]));
  const waits = Object.fromEntries(steps.map(({ id, waitsFor }) => [id, [...waitsFor]]));
  assert.deepEqual(waits, { [a]: [], [b]: [a], 'model.shop.orders': [a, b] });
});
