/** manifest.json: every key as dbt 1.11 writes it, and a form that its published schema allows. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import type { Manifest } from '../../../server/src/project/manifest.ts';
import type { SemanticNode } from '../../../server/src/project/nodes.ts';
import { manifestJson } from '../../../server/src/run/artifacts/manifest-json.ts';
import { readManifestState } from '../../../server/src/run/artifacts/read-state.ts';
import { assertValid } from './schemas.ts';

type Json = Partial<Record<string, Record<string, Record<string, unknown>>>>;

const theirs = load('../../cases/select/shop-manifest.json') as Json;
const metadata = {
  generatedAt: Date.UTC(2026, 10, 24, 13, 30, 5) + 123.456,
  invocationId: '6bb7e7a5-6b9c-4c29-8f3e-0d9d5e3bb0a1',
  invocationStartedAt: Date.UTC(2026, 10, 24, 13, 30),
  env: { commit: 'abc' },
};
const read = readManifestState(theirs);
assert.ok(read.value);
const manifest: Manifest = read.value;
const ours = plain(manifestJson(manifest, metadata, new Map(), 'dbt-1.11'));

describe('manifest.json in the shape of dbt 1.11', () => {
  test('has its sections in its order', () => {
    assert.deepEqual(Object.keys(ours), Object.keys(theirs));
  });
  for (const section of Object.keys(theirs).filter((key) => key !== 'metadata')) {
    test(`has the same ${section}, keys in the same order`, () => {
      assert.equal(JSON.stringify(ours[section], null, 1), JSON.stringify(theirs[section], null, 1));
    });
  }
  test('says about itself what dbt says', () => {
    const { metadata: mine = {} } = ours;
    const { metadata: their = {} } = theirs;
    assert.deepEqual(Object.keys(mine), Object.keys(their));
    assert.deepEqual(mine.project_id, their.project_id);
    assert.deepEqual(mine.generated_at, '2026-11-24T13:30:05.123456Z');
    assert.deepEqual(mine.run_started_at, '2026-11-24T13:30:00+00:00');
    assert.deepEqual(mine.env, { commit: 'abc' });
  });
});

describe('manifest.json as published', () => {
  const compiled = new Map([
    [
      'model.shop.orders',
      {
        compiledCode: 'with __dbt__cte__stg_rates as (select 1) select 2',
        compiledPath: 'target/compiled/shop/models/marts/orders.sql',
        extraCtes: [{ id: 'model.shop.stg_rates', sql: ' __dbt__cte__stg_rates as (select 1)' }],
      },
    ],
  ]);
  test('is valid against the schema', () => {
    assertValid('manifest-v12', manifestJson(manifest, metadata, compiled));
  });
  test('has what compiling gave, where dbt has it', () => {
    const orders = plain(manifestJson(manifest, metadata, compiled)).nodes?.['model.shop.orders'] ?? {};
    const keys = Object.keys(orders);
    assert.deepEqual(keys.slice(keys.indexOf('compiled_path'), keys.indexOf('contract') + 1), [
      'compiled_path',
      'compiled',
      'compiled_code',
      'extra_ctes_injected',
      'extra_ctes',
      'contract',
    ]);
    assert.equal(orders.compiled_path, 'target/compiled/shop/models/marts/orders.sql');
    assert.deepEqual(orders.extra_ctes, [
      { id: 'model.shop.stg_rates', sql: ' __dbt__cte__stg_rates as (select 1)' },
    ]);
  });
});

test('definitions as a user writes them get every default that dbt writes out', () => {
  const written: Record<string, SemanticNode['definition']> = {
    'metric.shop.total_amount': {
      name: 'total_amount',
      label: 'Total',
      type: 'simple',
      type_params: { measure: 'amount_sum' },
    },
    'metric.shop.double_amount': {
      name: 'double_amount',
      label: 'Double',
      type: 'derived',
      type_params: { expr: 'total_amount * 2', metrics: ['total_amount'] },
    },
    'semantic_model.shop.sem_orders': {
      name: 'sem_orders',
      model: "ref('time_orders')",
      defaults: { agg_time_dimension: 'ts' },
      entities: [{ name: 'id', type: 'primary' }],
      dimensions: [{ name: 'ts', type: 'time', type_params: { time_granularity: 'day' } }],
      measures: [{ name: 'amount_sum', agg: 'sum', expr: 'amount' }],
    },
    'saved_query.shop.sq': {
      name: 'sq',
      query_params: { metrics: ['double_amount'], group_by: ["TimeDimension('id__ts','day')"] },
      exports: [{ name: 'sq_export', config: { export_as: 'table', schema: 'exp' } }],
    },
  };
  const rewritten = (section: ReadonlyMap<string, SemanticNode>): Map<string, SemanticNode> =>
    new Map([...section].map(([id, node]) => [id, { ...node, definition: written[id] ?? {} }]));
  const asWritten = plain(
    manifestJson(
      {
        ...manifest,
        metrics: rewritten(manifest.metrics),
        semanticModels: rewritten(manifest.semanticModels),
        savedQueries: rewritten(manifest.savedQueries),
      },
      metadata,
      new Map(),
      'dbt-1.11',
    ),
  );
  for (const section of ['metrics', 'semantic_models', 'saved_queries']) {
    assert.deepEqual(asWritten[section], theirs[section]);
  }
});

test('selectors are written with every criterion as a mapping', () => {
  const { selectors } = load('../../cases/select/dbt-ls-cases.json') as { selectors: { name: string }[] };
  const asWritten = new Map(selectors.map((selector) => [selector.name, selector]));
  const json = plain(manifestJson({ ...manifest, selectors: asWritten }, metadata));
  assert.deepEqual(json.selectors, theirs.selectors);
});

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

function load(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
}
