/** Verbs that build: run, test and build a resource or a whole project, rerun what failed, stop. */

import { window } from 'vscode';
import type { RunOrder, RunView } from '../../../server/src/lsp/protocol.ts';
import type { Parts } from '../parts.ts';
import { selectorOf, withNeighbours } from '../selection.ts';
import { Refusal } from '../server.ts';
import type { Subject } from './subject.ts';
import { demandReadable, projectOf, subjectOf } from './subject.ts';

/** What can be built; the rest can be tested or looked at. */
const BUILDABLE = new Set(['model', 'seed', 'snapshot', 'test', 'unit_test', 'analysis']);

export async function build(parts: Parts, argument: unknown): Promise<void> {
  await buildWith(parts, argument, 'none');
}

export async function buildWithParents(parts: Parts, argument: unknown): Promise<void> {
  await buildWith(parts, argument, 'parents');
}

export async function buildWithChildren(parts: Parts, argument: unknown): Promise<void> {
  await buildWith(parts, argument, 'children');
}

async function buildWith(
  parts: Parts,
  argument: unknown,
  neighbours: 'parents' | 'children' | 'none',
): Promise<void> {
  const subject = await subjectOf(parts, argument);
  if (neighbours === 'none') demandBuildable(subject, 'built');
  await start(parts, {
    folder: subject.folder,
    command: 'build',
    select: [withNeighbours(subject.uniqueId, neighbours)],
  });
}

export async function buildAll(parts: Parts, argument: unknown): Promise<void> {
  await start(parts, { folder: projectOf(parts, argument).folder, command: 'build', select: [] });
}

export async function run(parts: Parts, argument: unknown): Promise<void> {
  const subject = await subjectOf(parts, argument);
  demandBuildable(subject, 'run');
  const command = subject.type === 'seed' || subject.type === 'snapshot' ? subject.type : 'run';
  if (subject.type === 'test' || subject.type === 'unit_test') {
    await start(parts, { folder: subject.folder, command: 'test', select: [selectorOf(subject.uniqueId)] });
    return;
  }
  await start(parts, { folder: subject.folder, command, select: [selectorOf(subject.uniqueId)] });
}

export async function test(parts: Parts, argument: unknown): Promise<void> {
  const subject = await subjectOf(parts, argument);
  await start(parts, { folder: subject.folder, command: 'test', select: [selectorOf(subject.uniqueId)] });
}

export async function rerunFailed(parts: Parts, argument: unknown): Promise<void> {
  const { folder } = projectOf(parts, argument);
  const runs = await parts.server.request('grainline/runs', { folder });
  const last = runs.find((entry) => entry.kind === 'run');
  const failed = last ? failedIn(last) : [];
  if (failed.length === 0) {
    void window.showInformationMessage(
      last ? 'Nothing failed in the last run.' : 'Nothing has been run yet. Build a model first.',
    );
    return;
  }
  await start(parts, { folder, command: 'build', select: failed.map(selectorOf) });
}

export async function stop(parts: Parts, argument: unknown): Promise<void> {
  const running = parts.projects.all
    .filter((project) => project.running !== null)
    .sort((a) => (a === projectOf(parts, argument) ? -1 : 1))[0]?.running;
  if (!running) {
    void window.showInformationMessage('Nothing is running.');
    return;
  }
  await parts.server.request('grainline/cancelRun', { runId: running.runId });
}

/** Starts it and shows the view of runs, which says the rest. */
export async function start(parts: Parts, order: RunOrder): Promise<void> {
  const project = parts.projects.byFolder(order.folder);
  if (project) {
    demandReadable(project);
    demandIdle(project.running);
  }
  const { runId } = await parts.server.request('grainline/startRun', order);
  await parts.pages.showRun(order.folder, runId);
}

export function demandIdle(running: { readonly title: string } | null): void {
  if (!running) return;
  throw new Refusal(
    `“${running.title}” is still running. Wait for it, or stop it with “Grainline: Stop What Runs”.`,
  );
}

function demandBuildable(subject: Subject, verb: string): void {
  if (BUILDABLE.has(subject.type)) return;
  throw new Refusal(
    `The ${subject.type.replaceAll('_', ' ')} “${subject.name}” cannot be ${verb}: open a model, seed or snapshot.`,
  );
}

export function failedIn(view: RunView): readonly string[] {
  return view.nodes
    .filter(({ status }) => ['error', 'fail', 'runtime error', 'skipped', 'partial success'].includes(status))
    .map(({ uniqueId }) => uniqueId);
}
