/** Generic tests: what their macros configure. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { projectFromFixture } from '../support/project.ts';

test('what the macro of a generic test configures holds, under what the test itself says', () => {
  const { project } = projectFromFixture(`
==> macros/balanced.sql
{% test balanced(model) %}
  {{ config(fail_calc='sum(difference)', severity='warn') }}
  {% if not execute %}{{ return('') }}{% endif %}
  select 1 as difference from {{ model }}
{% endtest %}
==> models/orders.sql
select 1 as id
==> models/schema.yml
models:
  - name: orders
    data_tests:
      - balanced
      - balanced:
          name: strict
          config: {severity: error}
`);
  const configs = [...project.manifest.nodes.values()]
    .filter((node) => node.resource_type === 'test')
    .map(({ name, config }) => [name, config.fail_calc, config.severity]);
  assert.deepEqual(configs.sort(), [
    ['balanced_orders_', 'sum(difference)', 'warn'],
    ['strict', 'sum(difference)', 'error'],
  ]);
});
