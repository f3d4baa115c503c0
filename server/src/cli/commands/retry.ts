/** `retry`: runs again what the last command left undone, with its arguments. */

import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { isConfig } from '../../project/config.ts';
import { readRunResults } from '../../run/artifacts/read-state.ts';
import { UsageError, type Arguments } from '../arguments.ts';
import { EXIT } from '../exit-codes.ts';
import { openProject } from '../open-project.ts';
import type { Output } from '../output.ts';
import { artifact, stateFolderOption } from '../selection.ts';
import { targetFolder } from '../target-folder.ts';
import type { RunCommand } from '../../run/plan.ts';
import { runCommand } from './run.ts';

const RETRIED = ['error', 'fail', 'skipped', 'runtime error', 'partial success'];
const RETRYABLE: readonly string[] = ['build', 'run', 'test', 'seed', 'snapshot', 'compile', 'clone'];

export async function retryCommand(args: Arguments, output: Output): Promise<number> {
  const { project, folder } = await openProject({ ...args, command: 'retry' });
  const path = join(stateFolderOption(args) ?? targetFolder(args, project, folder).path, 'run_results.json');
  const results = await artifact(path, readRunResults);
  if (!results)
    throw new UsageError(
      `Could not find previous run in '${path}'. Run a command first; retry picks up what it left undone.`,
    );
  const { args: previous, startedAt } = await previousRun(path);
  const { which } = previous;
  if (typeof which !== 'string' || !RETRYABLE.includes(which))
    throw new UsageError(`retry cannot repeat '${String(which)}'; it repeats ${RETRYABLE.join(', ')}.`);
  const ids = results.filter((result) => RETRIED.includes(result.status)).map((result) => result.uniqueId);
  const known = ids.flatMap(
    (id) => project.manifest.nodes.get(id) ?? project.manifest.unitTests.get(id) ?? [],
  );
  if (known.length === 0) {
    output.log('Nothing to do. The previous run has no failed or skipped nodes.');
    return EXIT.done;
  }
  const values = new Map<string, string | boolean | readonly string[]>();
  for (const [name, value] of Object.entries(previous)) {
    if (typeof value === 'boolean' || typeof value === 'string' || (Array.isArray(value) && value.length > 0))
      values.set(name.replaceAll('_', '-'), Array.isArray(value) ? value.map(String) : value);
  }
  for (const key of ['which', 'exclude', 'selector', 'state']) values.delete(key);
  for (const [key, value] of args.values) if (key !== 'state') values.set(key, value);
  values.set(
    'select',
    known.map((node) => (node.resource_type === 'unit_test' ? `unit_test:${node.name}` : node.fqn.join('.'))),
  );
  values.set('indirect-selection', 'empty');
  return runCommand({ command: which, positional: [], values }, which as RunCommand, output, {
    startedAt,
    batches: new Map(
      results.flatMap(({ uniqueId, batches }) =>
        // Without a batch that was built there is nothing to go on from: all are planned anew.
        batches && batches.successful.length > 0 && batches.failed.length > 0 ? [[uniqueId, batches]] : [],
      ),
    ),
  });
}

/** The arguments of the run that the file tells of, and when it started, in milliseconds since the epoch. */
async function previousRun(
  path: string,
): Promise<{ readonly args: Record<string, unknown>; readonly startedAt: number }> {
  const json = JSON.parse(await readFile(path, 'utf8')) as unknown;
  const { args, metadata } = isConfig(json) ? json : {};
  const { invocation_started_at: started, generated_at: generated } = isConfig(metadata) ? metadata : {};
  const startedAt = Date.parse(String(started ?? generated));
  return { args: isConfig(args) ? args : {}, startedAt: Number.isNaN(startedAt) ? Date.now() : startedAt };
}
