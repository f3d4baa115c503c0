/** run_results.json, sources.json and catalog.json: dbt's keys, valid against their schemas, and read back. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { catalogJson } from '../../../server/src/run/artifacts/catalog-json.ts';
import { metadataOf } from '../../../server/src/run/artifacts/metadata.ts';
import {
  readManifestState,
  readRunResults,
  readSources,
} from '../../../server/src/run/artifacts/read-state.ts';
import { runResultsJson } from '../../../server/src/run/artifacts/run-results-json.ts';
import { sourcesJson } from '../../../server/src/run/artifacts/sources-json.ts';
import type { FreshnessResult, NodeResult } from '../../../server/src/run/results.ts';
import { assertValid } from './schemas.ts';

const started = Date.UTC(2026, 0, 2, 3, 4, 5);
const metadata = {
  generatedAt: started + 1500,
  invocationId: '6bb7e7a5-6b9c-4c29-8f3e-0d9d5e3bb0a1',
  invocationStartedAt: started,
  env: {},
  elapsedTime: 1.5,
  args: {},
};
const result: NodeResult = {
  uniqueId: 'model.shop.orders',
  status: 'success',
  timing: [
    { name: 'compile', startedAt: started + 0.001, completedAt: started + 10 },
    { name: 'execute', startedAt: started + 10, completedAt: null },
  ],
  threadId: 'Thread-1 (worker)',
  executionTime: 0.25,
  adapterResponse: { _message: 'SELECT 3', code: 'SELECT', rows_affected: 3 },
  message: 'SELECT 3',
  failures: null,
  compiled: true,
  compiledCode: 'select 1',
  relationName: '"w"."s"."orders"',
};
const measured: FreshnessResult = {
  uniqueId: 'source.shop.raw.orders',
  status: 'warn',
  maxLoadedAt: started - 3_600_000,
  snapshottedAt: started,
  age: 3600,
  criteria: {
    warn_after: { count: 30, period: 'minute' },
    error_after: { count: null, period: null },
    filter: null,
  },
  adapterResponse: {},
  timing: [],
  threadId: 'Thread-1 (worker)',
  executionTime: 0.1,
};
const unmeasured: FreshnessResult = {
  uniqueId: 'source.shop.raw.gone',
  status: 'runtime error',
  message: 'no table',
};

describe('run_results.json', () => {
  const json = runResultsJson(
    [result, { ...result, status: 'skipped', timing: [], message: null }],
    metadata,
  );
  test('is valid', () => {
    assertValid('run-results-v6', json);
  });
  test('has the keys of dbt in its order, times to the microsecond', () => {
    assert.deepEqual((json.results as unknown[])[0], {
      status: 'success',
      timing: [
        {
          name: 'compile',
          started_at: '2026-01-02T03:04:05.000001Z',
          completed_at: '2026-01-02T03:04:05.010000Z',
        },
        { name: 'execute', started_at: '2026-01-02T03:04:05.010000Z', completed_at: null },
      ],
      thread_id: 'Thread-1 (worker)',
      execution_time: 0.25,
      adapter_response: { _message: 'SELECT 3', code: 'SELECT', rows_affected: 3 },
      message: 'SELECT 3',
      failures: null,
      unique_id: 'model.shop.orders',
      compiled: true,
      compiled_code: 'select 1',
      relation_name: '"w"."s"."orders"',
      batch_results: null,
    });
    assert.deepEqual(Object.keys(json), ['metadata', 'results', 'elapsed_time', 'args']);
  });
  test('keeps the batches of a microbatch model', () => {
    const batchResults = { successful: [[started, started + 1000] as const], failed: [] };
    const written = runResultsJson([{ ...result, batchResults }], metadata);
    assertValid('run-results-v6', written);
    assert.deepEqual((written.results as { batch_results: unknown }[])[0]?.batch_results, {
      successful: [['2026-01-02T03:04:05+00:00', '2026-01-02T03:04:06+00:00']],
      failed: [],
    });
  });
  test('hides secret variables wherever their value stands', () => {
    const args = {
      vars: { DBT_ENV_SECRET_KEY: 's3cret', day: 'x' },
      invocation_command: "run --vars 'k: s3cret'",
    };
    assert.deepEqual(runResultsJson([], { ...metadata, args }).args, {
      vars: { DBT_ENV_SECRET_KEY: '*****', day: 'x' },
      invocation_command: "run --vars 'k: *****'",
    });
  });
  test('is read back', () => {
    assert.deepEqual(readRunResults(json).value, [
      { uniqueId: 'model.shop.orders', status: 'success' },
      { uniqueId: 'model.shop.orders', status: 'skipped' },
    ]);
  });
});

describe('sources.json', () => {
  const json = sourcesJson([measured, unmeasured], metadata);
  test('is valid', () => {
    assertValid('sources-v3', json);
  });
  test('is read back, times included', () => {
    assert.deepEqual(readSources(json).value, [
      { uniqueId: measured.uniqueId, status: 'warn', maxLoadedAt: started - 3_600_000 },
      { uniqueId: unmeasured.uniqueId, status: 'runtime error', maxLoadedAt: undefined },
    ]);
  });
});

test('catalog.json is valid', () => {
  const column = { name: 'id', type: 'integer', index: 1, comment: null };
  const table = {
    uniqueId: 'model.shop.orders',
    type: 'BASE TABLE',
    database: 'w',
    schema: 's',
    name: 'orders',
    comment: null,
    owner: 'me',
    columns: [column],
  };
  const json = catalogJson([table], [], [], metadata);
  assertValid('catalog-v1', json);
  assert.equal(json.errors, null);
});

test('metadata takes what schedulers put into the environment', () => {
  const environment = new Map([
    ['DBT_ENV_CUSTOM_ENV_job', '7'],
    ['HOME', '/root'],
  ]);
  assert.deepEqual(metadataOf({ environment, invocationId: 'i', startedAt: 1 }, 2), {
    generatedAt: 2,
    invocationId: 'i',
    invocationStartedAt: 1,
    env: { job: '7' },
  });
});

describe('an artifact that cannot be read says so', () => {
  test('when it is of another version', () => {
    const json = { metadata: { dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v13.json' } };
    assert.equal(
      readManifestState(json, 'state/manifest.json').diagnostic?.message,
      'Expected a schema version of "https://schemas.getdbt.com/dbt/manifest/v12.json" in state/manifest.json, but ' +
        'found "https://schemas.getdbt.com/dbt/manifest/v13.json". Build it again with a matching version',
    );
  });
  test('when it is of another kind', () => {
    assert.equal(readManifestState(runResultsJson([], metadata)).value, undefined);
    assert.equal(readRunResults([]).value, undefined);
    assert.equal(readSources('text').value, undefined);
  });
});

test('a manifest of version 4 is read with what it has', () => {
  const { value } = readManifestState({
    metadata: { dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v4.json' },
    nodes: {
      'model.p.m': { resource_type: 'model', name: 'm', unique_id: 'model.p.m', raw_sql: 'select 1' },
    },
  });
  const node = value?.nodes.get('model.p.m');
  assert.equal(node?.raw_code, 'select 1');
  assert.deepEqual(node.depends_on, { macros: [], nodes: [] });
  assert.equal(node.contract.enforced, false);
});
