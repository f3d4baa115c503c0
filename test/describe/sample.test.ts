/** The sample project: each model is described without a false error, before anything is built and after, and as it is then built. */

import assert from 'node:assert/strict';
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { describedColumnProblems } from '../../server/src/describe/yaml-columns.ts';
import { schemasOf } from '../../server/src/project/stored-names.ts';
import { loadInitial } from '../../server/src/load/load-initial.ts';
import { relationOf } from '../../server/src/project/catalog.ts';
import { loadProject, projectFileContext, type Project } from '../../server/src/project/project.ts';
import { execute } from '../../server/src/run/execute.ts';
import { plan } from '../../server/src/run/plan.ts';
import type { Warehouse } from '../../server/src/warehouse/port.ts';
import { readProjectFiles } from '../../server/src/workspace/disk.ts';
import { repository } from '../cli/program.ts';
import { withSession } from '../support/postgres.ts';
import { fixtureSettings, macroLibrary } from '../support/project.ts';
import { catalogOf, outcomes, printed } from './describing.ts';

test('the sample is described as it is built, and nothing is said to be wrong with it', () =>
  withSession(async (session, { warehouse, settings: { database } }) => {
    const project = sampleProject(database);
    const files = readdirSync(join(repository, 'data/initial'))
      .filter((name) => name.endsWith('.csv'))
      .map((name) => ({
        path: `data/initial/${name}`,
        open: () => createReadStream(join(repository, 'data/initial', name)),
      }));
    const loaded = await loadInitial(session, { files });
    assert.equal(loaded.kind, 'done', JSON.stringify(loaded));

    const before = await outcomes(session, project, await catalogOf(session, project));
    const models = [...project.manifest.nodes.values()].filter(({ resource_type: type }) =>
      ['model', 'seed'].includes(type),
    );
    assert.ok(models.length > 15);
    for (const { unique_id: id } of models)
      assert.equal(before.get(id)?.kind, 'columns', `${id}: ${printed(before.get(id))}`);
    for (const [id, outcome] of before)
      assert.notEqual(outcome.kind, 'refused', `${id}: ${printed(outcome)}`);

    await build(project, warehouse);
    const catalog = await catalogOf(session, project);
    assert.ok(schemasOf(project).includes('analytics_staging'));
    const after = await outcomes(session, project, catalog);
    for (const [id, outcome] of after) assert.equal(outcome.kind, 'columns', `${id}: ${printed(outcome)}`);
    for (const node of models) {
      const built = relationOf(project, catalog, node);
      assert.ok(built, `${node.unique_id} is built`);
      const columns = built.columns.map(({ name, type }) => `${name} ${type}`).join(', ');
      assert.equal(printed(before.get(node.unique_id)), columns, node.unique_id);
      assert.equal(printed(after.get(node.unique_id)), columns, node.unique_id);
    }
    const described = new Map(
      [...after].flatMap(([id, outcome]) =>
        outcome.kind === 'columns' ? [[id, outcome.columns] as const] : [],
      ),
    );
    assert.deepEqual(describedColumnProblems(project, { ...catalog, described }), []);
  }));

function sampleProject(database: string): Project {
  const { target } = fixtureSettings();
  const settings = fixtureSettings({ target: { ...target, profileName: 'grainline_ticketing', database } });
  const files = readProjectFiles(repository, projectFileContext(settings));
  const { project, diagnostics } = loadProject({ files, library: macroLibrary(), settings });
  assert.deepEqual(diagnostics, []);
  assert.ok(project);
  return project;
}

/** Seeds and models, without their tests. */
async function build(project: Project, warehouse: Warehouse): Promise<void> {
  const built = [...project.manifest.nodes.values()].filter(({ resource_type: type }) =>
    ['model', 'seed'].includes(type),
  );
  const selected = new Set(built.map((node) => node.unique_id));
  for await (const event of execute({
    project,
    plan: plan(project, 'build', selected),
    warehouse,
    signal: new AbortController().signal,
    surroundings: {
      writeTarget: () => undefined,
      readSeed: (path) => Promise.resolve(readFileSync(join(repository, path), 'utf8')),
      now: () => Date.now(),
    },
  })) {
    if (event.kind === 'run-finished')
      for (const { status, message, uniqueId: id } of event.results)
        assert.equal(status, 'success', `${id}: ${message ?? ''}`);
  }
}
