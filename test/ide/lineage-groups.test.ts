/** A project with too many nodes for cards: it is shown in folders, and one goes into them. */

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadLayout, type Layout } from '../../server/src/ide/lineage/layout.ts';
import type { LineageGraph, LineageQuery } from '../../server/src/ide/lineage/lineage-graph.ts';
import { lineageView } from '../../server/src/ide/lineage/lineage-view.ts';
import { emptyCatalog } from '../../server/src/project/catalog.ts';
import type { Project } from '../../server/src/project/project.ts';
import { projectFromFixture } from '../support/project.ts';

let layout: Layout;
let shops: Project;
before(async () => {
  layout = await loadLayout();
  shops = projectFromFixture(
    ['web', 'shop']
      .flatMap((area) =>
        Array.from({ length: 100 }, (_, index) => [
          `==> models/staging/${area}/stg_${area}_${index}.sql`,
          'select 1 as id',
          `==> models/marts/${area}/fct_${area}_${index}.sql`,
          `select * from {{ ref('stg_${area}_${index}') }}`,
        ]),
      )
      .flat()
      .concat('==> models/marts/all.sql', "select * from {{ ref('fct_web_0') }}")
      .join('\n'),
  ).project;
});

function view(project: Project, query: Partial<LineageQuery> = {}): LineageGraph {
  const results = new Map([['model.fixture.stg_web_7', { status: 'error', failures: null }]] as const);
  const whole = { uniqueId: null, up: 1, down: 1, open: [] };
  return lineageView(project, emptyCatalog, results, { ...whole, ...query }, layout);
}

test('above 300 nodes there is a card for each folder, with its nodes and its failures', () => {
  const graph = view(shops);
  assert.equal(graph.nodes.length, 0);
  assert.deepEqual(
    graph.groups.map(({ layer, title, count, failed }) => `${layer} ${title} ${count} ${failed}`).sort(),
    ['mart marts 1 0', 'mart shop 100 0', 'mart web 100 0', 'staging shop 100 0', 'staging web 100 1'],
  );
  assert.equal(
    graph.groups.reduce((sum, { nodes }) => sum + nodes.length, 0),
    graph.total,
  );
});

test('edges between folders are one edge that says how many it stands for', () => {
  const graph = view(shops);
  const web = graph.edges.find(({ from, to }) => from.endsWith('staging/web') && to.endsWith('marts/web'));
  assert.equal(web?.count, 100);
  assert.ok(!graph.edges.some(({ from, to }) => from === to));
});

test('going into a folder shows its models as cards, beside the folders that have to do with them', () => {
  const group = view(shops).groups.find(({ id }) => id.endsWith('staging/web'))?.id ?? '';
  const graph = view(shops, { group });
  assert.equal(graph.nodes.length, 100);
  assert.ok(graph.nodes.every(({ name }) => name.startsWith('stg_web_')));
  assert.deepEqual(
    graph.groups.map(({ title }) => title),
    ['web'],
  );
  assert.equal(graph.trail.at(-1)?.id, group);
  assert.equal(graph.edges.length, 100);
});

test('a folder that is gone opens nothing', () => {
  const graph = view(shops, { group: 'staging/staging/gone' });
  assert.deepEqual([graph.nodes.length, graph.groups.length, graph.trail.length], [0, 5, 0]);
});

test('one flat folder of hundreds is cut into pieces of a hundred', () => {
  const flat = projectFromFixture(
    Array.from({ length: 350 }, (_, index) => `==> models/m${String(index)}.sql\nselect 1 as id`).join('\n'),
  ).project;
  const graph = view(flat);
  assert.deepEqual(
    graph.groups.map(({ count }) => count),
    [100, 100, 100, 50],
  );
  assert.equal(view(flat, { group: graph.groups[3]?.id ?? '' }).nodes.length, 50);
});
