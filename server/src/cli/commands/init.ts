/** `init` and `reset`: from any state to the initial one: raw loaded, seeds and models built, tests run. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../run/events.ts';
import { execute } from '../../run/execute.ts';
import { plan as makePlan } from '../../run/plan.ts';
import type { NodeResult } from '../../run/results.ts';
import { parseSelection } from '../../project/select/parse.ts';
import { resourceTypesOf } from '../../project/select/resource-types.ts';
import { selectNodes } from '../../project/select/select.ts';
import type { Project } from '../../project/project.ts';
import { FailureError } from '../../base/failure.ts';
import type { Session, Warehouse } from '../../warehouse/port.ts';
import type { Arguments } from '../arguments.ts';
import { EXIT } from '../exit-codes.ts';
import { interruption } from '../interruption.ts';
import { openProject, openWarehouse } from '../open-project.ts';
import type { Output } from '../output.ts';
import { reportDiagnostics } from '../report-diagnostics.ts';
import { reportEvent, tally } from '../report-run.ts';
import { targetFolder } from '../target-folder.ts';
import { INITIAL, loadInitialFiles, type LoadedRows } from './load.ts';
import { surroundings } from './run.ts';

export async function initCommand(args: Arguments, output: Output): Promise<number> {
  const startedAt = Date.now();
  const { project, folder, diagnostics } = await openProject(args);
  reportDiagnostics(diagnostics, project.input.files, output);
  const { target } = project.input.settings;
  if (target.name === 'docker' && !startCompose(folder, output)) return EXIT.failed;
  const warehouse = await openWarehouse(folder, target, (line) => {
    output.log(line);
  });
  const session = await connectPatiently(warehouse, target.name === 'docker');
  let loaded: readonly LoadedRows[] | undefined;
  try {
    // Files that are refused leave the warehouse as it was.
    loaded = existsSync(join(folder, INITIAL)) ? await loadInitialFiles(session, folder, output) : [];
    if (!loaded) return EXIT.failed;
    if (loaded.length === 0) output.log(`There is no ${INITIAL} here: sources are left as they are.`);
    // What another tool loaded may stand in the same schemas: only `reset` was asked to drop them.
    if (loaded.length > 0 || args.command === 'reset') await dropProjectSchemas(session, project);
  } finally {
    await session.close();
  }
  const results = await buildEverything(args, project, folder, warehouse, output);
  summarise(output, loaded, results, (Date.now() - startedAt) / 1000);
  return results.every((result) => ['success', 'pass', 'warn', 'no-op'].includes(result.status))
    ? EXIT.done
    : EXIT.failed;
}

/** The compose file's warehouse is started when that is the target and Docker is there. */
function startCompose(folder: string, output: Output): boolean {
  if (!existsSync(join(folder, 'docker-compose.yml')) || process.env.GRAINLINE_HOST !== undefined)
    return true;
  output.log('Starting docker compose …');
  const words: readonly (readonly [string, ...string[]])[] = [['docker', 'compose'], ['docker-compose']];
  for (const [program, ...first] of words) {
    const run = spawnSync(program, [...first, 'up', '-d', 'warehouse'], {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (run.status === 0) return true;
  }
  output.error(
    'docker compose could not start the warehouse. Install Docker and start it, or use the embedded server: --target embedded.',
  );
  return false;
}

const PATIENCE = 60_000;

/** A container that has just started does not answer yet. */
async function connectPatiently(warehouse: Warehouse, isPatient: boolean): Promise<Session> {
  const deadline = Date.now() + (isPatient ? PATIENCE : 0);
  for (;;) {
    try {
      return await warehouse.open('grainline');
    } catch (error) {
      const isRefusal =
        error instanceof FailureError &&
        error.failure.kind === 'connection' &&
        error.failure.sqlstate?.startsWith('28') === true;
      if (!(error instanceof FailureError) || isRefusal || Date.now() >= deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/** The schemas that the project builds into go, whatever stands in them: the state after must not depend on the state before. */
async function dropProjectSchemas(session: Session, project: Project): Promise<void> {
  const schemas = new Set<string>();
  for (const node of project.manifest.nodes.values()) {
    if (['model', 'seed', 'snapshot'].includes(node.resource_type)) schemas.add(node.schema);
  }
  const drops = [...schemas].map(
    (schema) => `drop schema if exists "${schema.replaceAll('"', '""')}" cascade`,
  );
  if (drops.length > 0) await session.query(drops.join('; '));
}

async function buildEverything(
  args: Arguments,
  project: Project,
  folder: string,
  warehouse: Warehouse,
  output: Output,
): Promise<readonly NodeResult[]> {
  const { selection } = parseSelection({
    select: [],
    exclude: [],
    selectors: new Map(),
    resourceTypes: resourceTypesOf('build'),
    indirectSelection: 'eager',
  });
  if (!selection) throw new Error('an empty selection is always valid');
  const { selected } = selectNodes(project.manifest, project.graph, selection, { now: Date.now() });
  const target = targetFolder(args, project, folder);
  target.writeManifest();
  const stop = interruption(output);
  try {
    const events: AsyncIterable<RunEvent> = execute({
      project,
      plan: makePlan(project, 'build', selected),
      warehouse,
      surroundings: surroundings(folder, target),
      signal: stop.signal,
    });
    for await (const event of events) {
      if (event.kind !== 'run-finished') {
        reportEvent(event, output, project.input.files);
        continue;
      }
      target.writeRunResults(event.results, event.elapsed);
      return event.results;
    }
    return [];
  } finally {
    stop.dispose();
  }
}

function summarise(
  output: Output,
  loaded: readonly LoadedRows[],
  results: readonly NodeResult[],
  seconds: number,
): void {
  const failed = results.filter((result) => ['error', 'fail', 'runtime error'].includes(result.status));
  for (const result of failed) output.error(`${result.uniqueId}: ${result.message ?? result.status}`);
  const width = Math.max(0, ...loaded.map(({ table }) => table.length));
  output.print('');
  if (loaded.length > 0) output.print(output.paint('bold', 'Raw layer'));
  for (const { table, rows } of loaded)
    output.print(`  raw.${table.padEnd(width)}  ${String(rows).padStart(8)} rows`);
  const of = (prefix: string): readonly NodeResult[] =>
    results.filter((result) => result.uniqueId.startsWith(prefix));
  output.print(output.paint('bold', 'Built and tested'));
  for (const [what, prefix] of [
    ['seeds', 'seed.'],
    ['models', 'model.'],
    ['tests', 'test.'],
    ['unit tests', 'unit_test.'],
  ] as const) {
    const group = of(prefix);
    if (group.length === 0) continue;
    const good = group.filter((result) => ['success', 'pass', 'warn'].includes(result.status)).length;
    const time = group.reduce((sum, result) => sum + result.executionTime, 0);
    output.print(
      `  ${what.padEnd(10)}  ${String(good)} of ${String(group.length)} good, ${time.toFixed(2)} s`,
    );
  }
  output.print(
    output.paint(failed.length === 0 ? 'green' : 'red', `${tally(results)} in ${seconds.toFixed(1)} s`),
  );
  output.print('');
  output.print('Connect:  psql "$(bin/grainline warehouse url)"');
  if (loaded.length > 0) output.print('Preview:  bin/dbt show --select weekly_sales');
}
