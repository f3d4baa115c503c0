/** What the status item offers, the most pressing first. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusChoices } from '../../client/src/status/choices.ts';
import type { ProjectState, WarehouseState } from '../../server/src/lsp/protocol.ts';

function withWarehouse(warehouse: Partial<WarehouseState>): ProjectState {
  return {
    folder: 'file:///shop',
    name: 'shop',
    phase: 'ready',
    problem: null,
    target: 'dev',
    targets: ['dev'],
    warehouse: { kind: 'off', address: null, message: null, catalogReadAt: null, ...warehouse },
    running: null,
    counts: { models: 1, sources: 0, tests: 0 },
  };
}

function commands(project: ProjectState): readonly string[] {
  return statusChoices(project).map(({ command }) => command);
}

test('where no embedded server is on this machine, fetching it comes first', () => {
  const [first, second] = commands(withWarehouse({ remedy: 'fetch-embedded' }));
  assert.deepEqual([first, second], ['grainline.fetchEmbedded', 'grainline.refreshCatalog']);
});

test('a warehouse that is off or away for another reason is no download', () => {
  for (const kind of ['off', 'away', 'connected'] as const)
    assert.ok(!commands(withWarehouse({ kind })).includes('grainline.fetchEmbedded'), kind);
});
