/** Metrics and semantic models: what hangs on what, and what may not be used. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { projectFromFixture } from '../support/project.ts';
import type { Project } from '../../server/src/project/project.ts';

function read(options: {
  readonly model?: string;
  readonly metric?: string;
  readonly name?: string;
}): Project {
  return projectFromFixture(`==> dbt_project.yml
name: shop
profile: shop
==> models/orders.sql
select 1 as id
==> models/schema.yml
semantic_models:
  - name: orders
    model: ref('orders')
    config: {enabled: ${options.model ?? 'true'}}
    measures: [{name: order_count, agg: count}]
metrics:
  - name: ${options.name ?? 'orders_total'}
    label: Orders
    type: simple
    config: {enabled: ${options.metric ?? 'true'}}
    type_params: {measure: order_count}
  - name: doubled
    label: Doubled
    type: derived
    type_params: {expr: orders_total * 2, metrics: [{name: orders_total}]}
`).project;
}

function errors(project: Project): string[] {
  return project.diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}

test('metrics hang on the models of their measures and on other metrics', () => {
  const project = read({});
  const parents = (id: string) => project.manifest.metrics.get(id)?.depends_on.nodes;
  assert.deepEqual(errors(project), []);
  assert.deepEqual(parents('metric.shop.orders_total'), ['semantic_model.shop.orders']);
  assert.deepEqual(parents('metric.shop.doubled'), ['metric.shop.orders_total']);
});

test('what is disabled cannot be used', () => {
  assert.match(
    errors(read({ model: 'false' })).join(),
    /`order_count` is referenced on disabled semantic model/,
  );
  assert.match(errors(read({ metric: 'false' })).join(), /`orders_total` is disabled/);
});

test('a metric has the name of a column', () => {
  assert.match(errors(read({ name: 'number of orders' })).join(), /cannot contain spaces/);
});
