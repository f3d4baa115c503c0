/** A run of a project inside the server: the engine's events become what the run view shows. */

import { randomUUID } from 'node:crypto';
import { parseArguments, type Arguments } from '../cli/arguments.ts';
import { FAILED, surroundings } from '../cli/commands/run.ts';
import { environmentMap, openWarehouse, ProjectErrors } from '../cli/open-project.ts';
import type { Output } from '../cli/output.ts';
import { reportEvent } from '../cli/report-run.ts';
import { selectFor } from '../cli/selection.ts';
import { targetFolder } from '../cli/target-folder.ts';
import { loadProject, type Project } from '../project/project.ts';
import type { Settings } from '../project/settings.ts';
import { execute } from '../run/execute.ts';
import type { NodeFinished, RunEvent } from '../run/events.ts';
import { plan } from '../run/plan.ts';
import { projectWithTarget } from './readiness.ts';
import type { ProjectHost } from './project-host.ts';
import type { LogLine, RunNode, RunOrder } from './protocol.ts';
import { queuedNode, rowsOf } from './run-node.ts';
import type { Tell } from './runs.ts';

/** Runs what the editor shows, saved or not. Throws what keeps the run from starting. */
export async function runProject(
  host: ProjectHost,
  order: RunOrder,
  tell: Tell,
  signal: AbortSignal,
): Promise<'done' | 'failed'> {
  const args = argumentsOf(host, order);
  const project = projectForRun(host, order);
  const { selected, warnings } = await selectFor(args, project, order.command, host.folder);
  const output = logOutput(tell);
  for (const { message } of warnings) output.error(message);
  const planned = plan(project, order.command, selected);
  const target = targetFolder(args, project, host.folder);
  target.writeManifest();
  if (planned.nodes.length === 0) {
    output.log('Nothing to do: the selection has no resource of this kind.');
    return 'done';
  }
  tell({ nodes: planned.nodes.map((id) => queuedNode(host, project, id)) });
  const warehouse = await openWarehouse(host.folder, project.input.settings.target, (words) => {
    output.log(words);
  });
  const nodes = new Map<string, RunNode>();
  let hasFailed = false;
  const events = execute({
    project,
    plan: planned,
    warehouse,
    surroundings: surroundings(host.folder, target),
    signal,
  });
  for await (const event of events) {
    reportEvent(event, output, project.input.files);
    const changed = changedNode(host, project, nodes, event);
    if (changed) {
      nodes.set(changed.uniqueId, changed);
      tell({ nodes: [changed] });
    }
    if (event.kind !== 'run-finished') continue;
    target.writeManifest();
    target.writeRunResults(event.results, event.elapsed);
    hasFailed = event.results.some(({ status }) => FAILED.includes(status));
  }
  return hasFailed ? 'failed' : 'done';
}

function argumentsOf(host: ProjectHost, order: RunOrder): Arguments {
  const target = host.survey?.settings.target.name ?? '';
  return parseArguments(
    [
      order.command,
      '--project-dir',
      host.folder,
      ...(target === '' ? [] : ['--target', target]),
      ...(order.select.length > 0 ? ['--select', ...order.select] : []),
      ...(order.exclude && order.exclude.length > 0 ? ['--exclude', ...order.exclude] : []),
      ...(order.fullRefresh ? ['--full-refresh'] : []),
    ],
    environmentMap(),
  );
}

/** The project as the command line would read it for this command: flags and the invocation's id may be in templates. */
function projectForRun(host: ProjectHost, order: RunOrder): Project {
  const { project: current } = projectWithTarget(host);
  const { settings } = current.input;
  const forRun: Settings = {
    ...settings,
    flags: { ...settings.flags, which: order.command, fullRefresh: order.fullRefresh ? true : null },
    invocationId: randomUUID(),
    startedAt: Date.now(),
  };
  const { project, diagnostics } = loadProject({ ...current.input, settings: forRun });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (!project || errors.length > 0) throw new ProjectErrors(errors, current.input.files);
  return project;
}

/** The terminal's lines, as the log of the view. */
function logOutput(tell: Tell): Output {
  const write = (level: LogLine['level'], text: string): void => {
    tell({ log: [{ at: Date.now(), level, text }] });
  };
  return {
    isTerminal: false,
    log: (text) => {
      write('info', text);
    },
    print: (text) => {
      write('info', text);
    },
    error: (text) => {
      write('error', text);
    },
    progress: () => undefined,
    paint: (_, text) => text,
  };
}

function changedNode(
  host: ProjectHost,
  project: Project,
  nodes: ReadonlyMap<string, RunNode>,
  event: RunEvent,
): RunNode | undefined {
  switch (event.kind) {
    case 'node-started': {
      const node = queuedNode(host, project, event.uniqueId);
      return { ...node, status: 'running', startedAt: Date.now() };
    }
    case 'node-finished': {
      const known = nodes.get(event.result.uniqueId) ?? queuedNode(host, project, event.result.uniqueId);
      return finished(host, known, event);
    }
    default:
      return undefined;
  }
}

function finished(
  host: ProjectHost,
  node: RunNode,
  { result, place, related, stopped }: NodeFinished,
): RunNode {
  // What the user stopped has not failed.
  if (stopped) return { ...node, status: 'skipped', endedAt: Date.now(), message: 'Stopped.' };
  return {
    ...node,
    status: result.status,
    endedAt: Date.now(),
    rows: rowsOf(result.failures, result.adapterResponse.rows_affected),
    message: result.message,
    error: place
      ? {
          location: host.locationOf(place),
          related: (related ?? []).map((frame) => host.locationOf(frame.place)),
        }
      : null,
    compiledSql: result.compiledCode,
    difference: result.difference ?? null,
  };
}
