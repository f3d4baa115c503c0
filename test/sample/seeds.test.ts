/** The sample knows no value of its data: ten other sets from the generator load, build and pass, before their batches and after. */

import assert from 'node:assert/strict';
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { selectBatches } from '../../server/src/load/batches.ts';
import { ingest } from '../../server/src/load/ingest.ts';
import { loadInitial } from '../../server/src/load/load-initial.ts';
import type { SourceFile } from '../../server/src/load/outcome.ts';
import { loadProject, projectFileContext, type Project } from '../../server/src/project/project.ts';
import { parseSelection } from '../../server/src/project/select/parse.ts';
import { resourceTypesOf } from '../../server/src/project/select/resource-types.ts';
import { selectNodes } from '../../server/src/project/select/select.ts';
import { execute } from '../../server/src/run/execute.ts';
import { plan } from '../../server/src/run/plan.ts';
import type { NodeResult } from '../../server/src/run/results.ts';
import type { Warehouse } from '../../server/src/warehouse/port.ts';
import { readProjectFiles } from '../../server/src/workspace/disk.ts';
import { writeAccounts } from '../../scripts/generate-data/accounts.ts';
import { writeMerges } from '../../scripts/generate-data/customers.ts';
import { writeEvents, writeShowtimes } from '../../scripts/generate-data/events.ts';
import { writeOrders } from '../../scripts/generate-data/orders.ts';
import { writePages } from '../../scripts/generate-data/pages.ts';
import { worldOf } from '../../scripts/generate-data/size.ts';
import { repository } from '../cli/program.ts';
import { removeFolder, scratchFolder } from '../cli/scratch.ts';
import { weeklySalesDifference } from '../cli/state.ts';
import { withDatabase, type TestDatabase } from '../support/postgres.ts';
import { fixtureSettings, macroLibrary } from '../support/project.ts';

/** The committed data has seed 1. */
const SEEDS = [2, 3, 5, 8, 13, 21, 34, 55, 89, 4_294_967_311];

test('data of ten other seeds', (t) =>
  withDatabase(async (database) => {
    const project = sampleProject(database);
    for (const seed of SEEDS) {
      await t.test(`seed ${String(seed)}`, async () => {
        const data = scratchFolder('data');
        try {
          generate(seed, data);
          await load(database.warehouse, data);
          assert.deepEqual(await failures(project, database.warehouse), []);
          assert.deepEqual(await weeklySalesDifference(database.settings), []);
          await append(database.warehouse, data);
          assert.deepEqual(await failures(project, database.warehouse), []);
          assert.deepEqual(await weeklySalesDifference(database.settings), []);
        } finally {
          removeFolder(data);
        }
      });
    }
  }));

/** The sample itself, against the database at hand. */
function sampleProject({ settings: { database, host, port, user } }: TestDatabase): Project {
  const { target } = fixtureSettings();
  const credentials = { type: 'postgres', host, port, user, dbname: database, schema: target.schema };
  const settings = fixtureSettings({
    target: { ...target, profileName: 'grainline_ticketing', database, credentials },
  });
  const files = readProjectFiles(repository, projectFileContext(settings));
  const { project, diagnostics } = loadProject({ files, library: macroLibrary(), settings });
  assert.deepEqual(diagnostics, []);
  assert.ok(project);
  return project;
}

function generate(seed: number, out: string): void {
  const world = worldOf(1, seed);
  const tables = [
    writeAccounts(world, out),
    writeEvents(world, out),
    writeShowtimes(world, out),
    ...writeOrders(world, out),
    writePages(world, out),
    writeMerges(world, out),
  ];
  for (const files of tables) files.close();
}

/** With the relations of the seed before still there: models find tables full of strangers, as after `bin/load-initial`. */
async function load(warehouse: Warehouse, data: string): Promise<void> {
  const session = await warehouse.open('test');
  try {
    const outcome = await loadInitial(session, { files: filesIn(data, 'initial') });
    assert.equal(outcome.kind, 'done', JSON.stringify(outcome));
  } finally {
    await session.close();
  }
}

async function append(warehouse: Warehouse, data: string): Promise<void> {
  const session = await warehouse.open('test');
  try {
    const batches = selectBatches(filesIn(data, 'incremental'));
    assert.ok(batches.kind === 'done', JSON.stringify(batches));
    const outcome = await ingest(session, { batches: batches.report, force: false });
    assert.equal(outcome.kind, 'done', JSON.stringify(outcome));
  } finally {
    await session.close();
  }
}

function filesIn(data: string, below: string): SourceFile[] {
  return readdirSync(join(data, below), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.csv'))
    .map((name) => ({
      path: `data/${below}/${name.replaceAll('\\', '/')}`,
      open: () => createReadStream(join(data, below, name)),
    }));
}

/** `build` of everything; what went wrong. */
async function failures(project: Project, warehouse: Warehouse): Promise<readonly string[]> {
  const { selection } = parseSelection({
    select: [],
    exclude: [],
    selectors: new Map(),
    resourceTypes: resourceTypesOf('build'),
    indirectSelection: 'eager',
  });
  assert.ok(selection);
  const { selected } = selectNodes(project.manifest, project.graph, selection, { now: Date.now() });
  let results: readonly NodeResult[] = [];
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
    if (event.kind === 'run-finished') results = event.results;
  }
  assert.ok(results.length > 100, 'everything was built');
  return results
    .filter(({ status }) => !['success', 'pass', 'warn', 'no-op'].includes(status))
    .map(({ uniqueId, status, message }) => `${uniqueId} ${status}: ${message ?? ''}`);
}
