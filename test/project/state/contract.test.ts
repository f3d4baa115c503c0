/** Contracts against an earlier state: what is a change, what breaks those who rely on it. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { Config, ManifestNode } from '../../../server/src/project/nodes.ts';
import { compareContracts, compareRemovedContract } from '../../../server/src/project/state/contract.ts';
import { readManifestState } from '../../../server/src/run/artifacts/read-state.ts';

const base = {
  columns: { id: { name: 'id', data_type: 'int' } },
  contract: { enforced: true, checksum: 'one' },
};

describe('a contract', () => {
  test('that was never enforced cannot change', () => {
    assert.deepEqual(compareContracts(model({}), model({ columns: {} })), {
      same: true,
      breakingChanges: [],
    });
  });
  test('that is enforced from now on is a change that breaks nothing', () => {
    assert.deepEqual(compareContracts(model({}), model(base)), { same: false, breakingChanges: [] });
  });
  test('with the same checksum is the same', () => {
    assert.equal(compareContracts(model(base), model(base)).same, true);
  });
  test('breaks when it is dropped, with a column or with its type', () => {
    const old = model({
      columns: { id: { name: 'id', data_type: 'int' }, at: { name: 'at', data_type: 'date' } },
      contract: { enforced: true, checksum: 'two' },
    });
    const current = model({ columns: { at: { name: 'at', data_type: 'text' } } });
    assert.deepEqual(compareContracts(old, current).breakingChanges.map(titles), [
      'Contract enforcement was removed',
      'Columns were removed: \n    - id',
      'Columns with data_type changes: \n    - at (date -> text)',
    ]);
  });
  test('does not break when only a length changes or a column comes', () => {
    const old = model({
      columns: { name: { name: 'name', data_type: 'varchar(10)' } },
      contract: { enforced: true, checksum: 'two' },
    });
    const current = model({
      columns: {
        name: { name: 'name', data_type: 'VARCHAR(20)' },
        extra: { name: 'extra', data_type: 'int' },
      },
      contract: { enforced: true, checksum: 'three' },
    });
    assert.deepEqual(compareContracts(old, current), { same: false, breakingChanges: [] });
  });
  test('breaks when a table loses constraints or becomes a view', () => {
    const old = model({
      config: { materialized: 'table' },
      columns: { id: { name: 'id', data_type: 'int', constraints: [{ type: 'not_null' }] } },
      constraints: [{ type: 'primary_key', columns: ['id'], name: 'pk' }],
      contract: { enforced: true, checksum: 'two' },
    });
    assert.deepEqual(compareContracts(old, model(base)).breakingChanges, [
      "Enforced column level constraints were removed: \n    - 'not_null' constraint on column id",
      "Enforced model level constraints were removed: \n    - 'pk' constraint on columns ['id']",
      'Materialization changed with enforced constraints: \n    - table -> view',
    ]);
  });
});

describe('a model that is gone', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  test('breaks its contract', () => {
    assert.deepEqual(compareRemovedContract(model(base), now).breakingChanges, [
      "Contracted model 'model.p.m' was deleted or renamed.",
    ]);
    assert.deepEqual(
      compareRemovedContract(model({ ...base, config: { enabled: false } }), now).breakingChanges,
      ["Contracted model 'model.p.m' was disabled."],
    );
  });
  test('breaks nothing after its deprecation date or without a contract', () => {
    assert.equal(
      compareRemovedContract(model({ ...base, deprecation_date: '2025-12-31T00:00:00+00:00' }), now).same,
      true,
    );
    assert.equal(compareRemovedContract(model({}), now).same, true);
  });
});

function model(entry: Config): ManifestNode {
  const unique_id = 'model.p.m';
  const config = { materialized: 'view', ...(entry.config as Config | undefined) };
  const node = { resource_type: 'model', name: 'm', unique_id, raw_code: 'select 1', ...entry, config };
  const json = {
    metadata: { dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json' },
    nodes: { [unique_id]: node },
  };
  const read = readManifestState(json).value?.nodes.get(unique_id);
  assert.ok(read);
  return read;
}

function titles(change: string): string {
  return change.startsWith('Contract enforcement') ? change.slice(0, change.indexOf(':')) : change;
}
