/** Deferral: whose relation a ref means when an earlier environment may stand in. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Manifest } from '../../../server/src/project/manifest.ts';
import { deferredRelations } from '../../../server/src/project/state/deferral.ts';
import { readManifestState } from '../../../server/src/run/artifacts/read-state.ts';

const current = manifestOf('dev', { a: 'view', b: 'view', c: 'ephemeral', added: 'view' });
const previous = manifestOf('prod', { a: 'view', b: 'view', c: 'ephemeral', gone: 'view' });

function deferred(options: { favorState: boolean; selected?: string[]; existing?: string[] }): string[] {
  const { favorState, selected = [], existing = [] } = options;
  const relations = deferredRelations(current, previous, {
    favorState,
    selected: new Set(selected.map((name) => `model.p.${name}`)),
    exists: (node) => existing.includes(node.name),
  });
  return [...relations.values()].map((node) => node.relation_name ?? '');
}

test('what does not exist here is read from there', () => {
  assert.deepEqual(deferred({ favorState: false }), ['prod.a', 'prod.b']);
});
test('what exists here is read from here', () => {
  assert.deepEqual(deferred({ favorState: false, existing: ['a'] }), ['prod.b']);
});
test('favouring the state reads from there all the same, except what this run builds', () => {
  assert.deepEqual(deferred({ favorState: true, existing: ['a', 'b'] }), ['prod.a', 'prod.b']);
  assert.deepEqual(deferred({ favorState: true, selected: ['a'], existing: ['a', 'b'] }), ['prod.b']);
});
test('ephemeral models, new ones and those that are gone are never read from there', () => {
  const names = deferred({ favorState: true }).join();
  assert.ok(!/\.(?:c|added|gone)/.test(names), names);
});

function manifestOf(schema: string, models: Record<string, string>): Manifest {
  const nodes = Object.fromEntries(
    Object.entries(models).map(([name, materialized]) => [
      `model.p.${name}`,
      {
        name,
        resource_type: 'model',
        unique_id: `model.p.${name}`,
        relation_name: `${schema}.${name}`,
        config: { materialized },
      },
    ]),
  );
  const metadata = { dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json' };
  const { value } = readManifestState({ metadata, nodes });
  assert.ok(value);
  return value;
}
