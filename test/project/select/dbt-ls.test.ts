/** Selections on a project of every kind of resource give what `dbt ls` 1.11 gave for them. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { buildGraph } from '../../../server/src/project/graph.ts';
import type { Manifest } from '../../../server/src/project/manifest.ts';
import type { Config, ResourceType } from '../../../server/src/project/nodes.ts';
import { listNodes } from '../../../server/src/project/select/list-nodes.ts';
import type { ListOutput } from '../../../server/src/project/select/list-nodes.ts';
import { parseSelection } from '../../../server/src/project/select/parse.ts';
import { pathsOf } from '../../../server/src/project/select/paths.ts';
import { resourceTypesOf } from '../../../server/src/project/select/resource-types.ts';
import { selectNodes } from '../../../server/src/project/select/select.ts';
import type { IndirectSelection } from '../../../server/src/project/settings.ts';
import type { PreviousState } from '../../../server/src/project/state/previous-state.ts';
import { readManifestState } from '../../../server/src/run/artifacts/read-state.ts';

interface Case {
  readonly select?: string[];
  readonly exclude?: string[];
  readonly selector?: string;
  readonly indirectSelection?: IndirectSelection;
  readonly resourceTypes?: (ResourceType | 'all' | 'default')[];
  readonly excludeResourceTypes?: ResourceType[];
  readonly state?: true;
  readonly expected?: string[];
  /** Criteria that match nothing, or the text of another warning. */
  readonly warnings?: string[];
  readonly error?: string;
}

const { selectors, cases } = load('dbt-ls-cases.json') as {
  selectors: (Config & { name: string })[];
  cases: Case[];
};
const manifest: Manifest = {
  ...manifestOf('shop-manifest.json'),
  selectors: new Map(selectors.map((selector) => [selector.name, selector])),
};
const graph = buildGraph(manifest);
const previous: PreviousState = {
  manifest: manifestOf('shop-previous-manifest.json'),
  results: [
    { uniqueId: 'model.shop.stg_customers', status: 'success' },
    { uniqueId: 'model.shop.orders', status: 'error' },
    { uniqueId: 'model.shop.revenue', status: 'skipped' },
    { uniqueId: 'test.shop.lonely', status: 'warn' },
    { uniqueId: 'seed.shop.country_codes', status: 'success' },
  ],
  sources: [loaded('raw.customers', '2026-01-01'), loaded('raw.orders', '2026-01-01')],
  currentSources: [
    loaded('raw.customers', '2026-01-02'),
    loaded('raw.orders', '2026-01-01'),
    loaded('ext.rates', '2026-01-01'),
  ],
};

describe('selects what dbt ls lists', () => {
  for (const each of cases)
    test(titleOf(each), () => {
      check(each);
    });
});

function check(each: Case): void {
  const parsed = parseSelection({
    select: each.select ?? [],
    exclude: each.exclude ?? [],
    selector: each.selector,
    selectors: manifest.selectors,
    resourceTypes: resourceTypesOf('list', each.resourceTypes, each.excludeResourceTypes),
    indirectSelection: each.indirectSelection ?? 'eager',
  });
  const { selected, diagnostics } = parsed.selection
    ? selectNodes(manifest, graph, parsed.selection, {
        previous: each.state ? previous : undefined,
        paths: new Set([
          ...pathsOf(manifest),
          'pkg',
          'pkg/models',
          'pkg/macros',
          'dbt_project.yml',
          'selectors.yml',
        ]),
        now: Date.parse('2026-11-24T00:00:00Z'),
        includeEmpty: true,
      })
    : { selected: [], diagnostics: parsed.diagnostics };
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (each.error !== undefined) {
    // A message may add what to do.
    assert.equal(errors[0]?.message.slice(0, each.error.length), each.error);
    assert.deepEqual([...selected], []);
    return;
  }
  assert.deepEqual(errors, []);
  assert.deepEqual([...selected], each.expected);
  assert.deepEqual(
    diagnostics.map(({ message }) => message).sort(),
    (each.warnings ?? []).map(warningOf).sort(),
  );
}

describe('prints what dbt ls prints', () => {
  const everything = ['shop', 'source:*', 'exposure:*', 'metric:*', 'semantic_model:*'];
  const few =
    'orders source:raw board sq sem_orders total_amount orders_unit unique_orders_id orders_snapshot';
  const outputs = load('dbt-ls-output.json') as { output: ListOutput; keys?: true; lines: string[] }[];
  for (const { output, keys, lines } of outputs) {
    test(`as ${output}${keys ? ' with keys' : ''}`, () => {
      const { selection } = parseSelection({
        select: keys ? [few] : everything,
        exclude: [],
        selectors: new Map(),
        resourceTypes: resourceTypesOf('list'),
        indirectSelection: 'eager',
      });
      assert.ok(selection);
      const { selected } = selectNodes(manifest, graph, selection, { now: 0, includeEmpty: true });
      const outputKeys = keys
        ? [
            'name',
            'config.materialized',
            'tags',
            'depends_on.nodes',
            'description',
            'config.meta.owner',
            'version',
            'nothing',
          ]
        : [];
      assert.deepEqual(listNodes(manifest, selected, { output, outputKeys }), lines);
    });
  }
});

function titleOf(each: Case): string {
  const { expected: _expected, warnings: _warnings, error: _error, select = [], ...others } = each;
  const flags = Object.entries(others).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return [...select, ...flags].join(' ') || 'nothing said';
}

/** A warning about an empty criterion is stored as that criterion. */
function warningOf(warning: string): string {
  if (!warning.startsWith('Breaking')) {
    return `The selection criterion '${warning}' does not match any enabled nodes`;
  }
  return warning.replace(
    'state, dbt detected a breaking change to an unversioned model.',
    'state, a breaking change to an unversioned model was detected.',
  );
}

function loaded(table: string, day: string): { uniqueId: string; status: string; maxLoadedAt: number } {
  return { uniqueId: `source.shop.${table}`, status: 'pass', maxLoadedAt: Date.parse(day) };
}

function manifestOf(file: string): Manifest {
  const { value, diagnostic } = readManifestState(load(file), file);
  assert.ok(value, diagnostic?.message);
  return value;
}

function load(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../cases/select/${file}`, import.meta.url), 'utf8'));
}
