/** `build`, `run`, `test`, `seed`, `snapshot`, `compile`: select, plan, execute, write the artifacts. */

import { plural } from '../plural.ts';
import { join } from 'node:path';
import { execute } from '../../run/execute.ts';
import { plan as makePlan, type RunCommand } from '../../run/plan.ts';
import type { NodeResult, RetriedRun } from '../../run/results.ts';
import type { Surroundings } from '../../run/run-node.ts';
import type { Project } from '../../project/project.ts';
import type { CompiledNode } from '../../project/state/entry.ts';
import { readText } from '../../workspace/disk.ts';
import { flag, list, text, type Arguments } from '../arguments.ts';
import { deferredRelations } from '../deferral.ts';
import { EXIT } from '../exit-codes.ts';
import { interruption } from '../interruption.ts';
import { openProject, openWarehouse, ProjectErrors, type Opened } from '../open-project.ts';
import type { Output } from '../output.ts';
import { reportDiagnostics } from '../report-diagnostics.ts';
import { reportEvent } from '../report-run.ts';
import { selectFor } from '../selection.ts';
import { targetFolder, type TargetFolder } from '../target-folder.ts';

/** A skipped node counts: what it waits for failed, or the run was stopped. */
export const FAILED: readonly NodeResult['status'][] = [
  'error',
  'fail',
  'runtime error',
  'partial success',
  'skipped',
];

export async function runCommand(
  args: Arguments,
  command: RunCommand,
  output: Output,
  retried?: RetriedRun,
): Promise<number> {
  const opened = await openProject(args);
  const { project, folder } = opened;
  reportDiagnostics(opened.diagnostics, project.input.files, output);
  const { selected, warnings, previous } = await selectFor(
    args,
    project,
    command === 'generate' ? 'docs' : command,
    folder,
  );
  if (project.input.settings.flags.warnError && warnings.length > 0)
    throw new ProjectErrors(warnings, project.input.files);
  reportDiagnostics(warnings, project.input.files, output);
  const plan = makePlan(project, command, selected);
  const target = targetFolder(args, project, folder);
  target.writeManifest();
  if (flag(args, 'dry-run')) {
    output.print(JSON.stringify(plan, null, 2));
    return EXIT.done;
  }
  output.log(foundLine(opened));
  output.log('');
  if (plan.nodes.length === 0) {
    output.log('Nothing to do. Try checking your model configs and model specification args');
    target.writeRunResults([], 0);
    return EXIT.done;
  }
  const warehouse = await openWarehouse(folder, project.input.settings.target, (line) => {
    output.progress(line);
  });
  const stop = interruption(output);
  const compiled = new Map<string, CompiledNode>();
  let exit: number = EXIT.done;
  try {
    const deferred = await deferredRelations(args, project, plan.nodes, previous, warehouse);
    const events = execute({
      project,
      plan,
      warehouse,
      surroundings: surroundings(folder, target),
      signal: stop.signal,
      ...(deferred ? { deferred } : {}),
      ...(retried ? { retried } : {}),
    });
    for await (const event of events) {
      reportEvent(event, output, project.input.files);
      if (event.kind === 'node-finished') rememberCompiled(compiled, opened, event.result);
      if (event.kind !== 'run-finished') continue;
      target.writeManifest(compiled);
      target.writeRunResults(event.results, event.elapsed);
      if (args.command === 'compile') await printCompiledNodes(args, project, event.results, output);
      if (event.results.some((result) => FAILED.includes(result.status)) || stop.signal.aborted)
        exit = EXIT.failed;
    }
  } finally {
    stop.dispose();
  }
  return exit;
}

/** What was asked for by name is printed, so that `compile --select model` shows the SQL. */
async function printCompiledNodes(
  args: Arguments,
  project: Project,
  results: readonly NodeResult[],
  output: Output,
): Promise<void> {
  const select = list(args, 'select');
  if (select.length === 0) return;
  const { printCompiled, printedNodes } = await import('./show.ts');
  const codes = new Map(results.map((result) => [result.uniqueId, result.compiledCode]));
  const nodes = results.flatMap((result) => project.manifest.nodes.get(result.uniqueId) ?? []);
  for (const node of printedNodes(nodes, select)) {
    const code = codes.get(node.unique_id);
    if (typeof code === 'string') printCompiled(output, node, code, text(args, 'output') === 'json');
  }
}

export function surroundings(folder: string, target: TargetFolder): Surroundings {
  return {
    writeTarget: (path, content) => {
      target.write(path, content);
    },
    // The rows may have gone since the project was read.
    readSeed: (path) => Promise.resolve(readText(join(folder, path), path) ?? ''),
    now: () => performance.timeOrigin + performance.now(),
  };
}

function rememberCompiled(compiled: Map<string, CompiledNode>, opened: Opened, result: NodeResult): void {
  if (result.compiledCode === null) return;
  const node = opened.project.manifest.nodes.get(result.uniqueId);
  if (!node) return;
  compiled.set(result.uniqueId, {
    compiledCode: result.compiledCode,
    compiledPath: `${opened.project.world.root.targetPath}/compiled/${node.package_name}/${node.original_file_path}`,
    extraCtes: [],
  });
}

export function foundLine({ project }: Opened): string {
  const { manifest } = project;
  const counts = new Map<string, number>();
  for (const node of manifest.nodes.values())
    counts.set(node.resource_type, (counts.get(node.resource_type) ?? 0) + 1);
  counts.set('source', manifest.sources.size);
  counts.set('exposure', manifest.exposures.size);
  counts.set('metric', manifest.metrics.size);
  counts.set('macro', manifest.macros.size);
  counts.set('group', manifest.groups.size);
  counts.set('unit test', manifest.unitTests.size);
  const parts = [...counts]
    .filter(([, number]) => number > 0)
    .map(([type, number]) =>
      plural(number, type === 'test' ? 'data test' : type, type === 'analysis' ? 'analyses' : undefined),
    );
  return `Found ${parts.join(', ')}`;
}
