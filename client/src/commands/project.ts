/** Verbs of a project and of the extension itself: target, catalog, grain, status, output, restart, walkthrough. */

import { ConfigurationTarget, ProgressLocation, Uri, commands, window, workspace } from 'vscode';
import type { Parts } from '../parts.ts';
import { Refusal } from '../server.ts';
import { statusChoices } from '../status/choices.ts';
import { demandReadable, projectOf, subjectOf } from './subject.ts';

export async function chooseTarget(parts: Parts, argument: unknown): Promise<void> {
  const project = projectOf(parts, argument);
  if (project.targets.length === 0) {
    throw new Refusal(
      `profiles.yml names no target for “${project.name}”. Add one under the profile that dbt_project.yml names.`,
    );
  }
  const chosen = await window.showQuickPick(
    project.targets.map((target) => ({
      label: target,
      description: target === project.target ? 'in use' : '',
    })),
    { title: `Target of ${project.name}`, placeHolder: 'Where to build, as profiles.yml names it' },
  );
  if (!chosen || chosen.label === project.target) return;
  await parts.server.request('grainline/setTarget', { folder: project.folder, target: chosen.label });
  await keepTarget(project.folder, chosen.label);
}

/** Kept with the folder, so that the choice holds tomorrow. Without a folder in the window there is nowhere to keep it. */
async function keepTarget(folder: string, target: string): Promise<void> {
  const uri = Uri.parse(folder);
  const holder = workspace.getWorkspaceFolder(uri);
  if (!holder) return;
  await workspace
    .getConfiguration('grainline', holder.uri)
    .update(
      'target',
      target,
      workspace.workspaceFile ? ConfigurationTarget.WorkspaceFolder : ConfigurationTarget.Workspace,
    );
}

export async function refreshCatalog(parts: Parts, argument: unknown): Promise<void> {
  const project = projectOf(parts, argument);
  const state = await window.withProgress(
    { location: ProgressLocation.Window, title: 'Reading the catalog' },
    (_progress, token) => parts.server.request('grainline/refreshCatalog', { folder: project.folder }, token),
  );
  if (state.warehouse.kind === 'away' || state.warehouse.kind === 'off') {
    throw new Refusal(state.warehouse.message ?? 'The warehouse does not answer.');
  }
}

export async function validateGrain(parts: Parts, argument: unknown): Promise<void> {
  const subject = await subjectOf(parts, argument);
  const project = parts.projects.byFolder(subject.folder);
  if (project) demandReadable(project);
  const verdicts = await window.withProgress(
    { location: ProgressLocation.Window, title: `Asking for the grain of ${subject.name}` },
    (_progress, token) =>
      parts.server.request(
        'grainline/validateGrain',
        { folder: subject.folder, uniqueIds: [subject.uniqueId] },
        token,
      ),
  );
  if (verdicts.length === 0) {
    throw new Refusal(
      `“${subject.name}” declares no grain. Say it in its properties: config: {meta: {grain: [column]}}.`,
    );
  }
  parts.verdicts.take(subject.folder, verdicts);
}

export async function showStatus(parts: Parts, argument: unknown): Promise<void> {
  const project = projectOf(parts, argument);
  const choice = await window.showQuickPick(statusChoices(project), {
    title: `Grainline: ${project.name}`,
    placeHolder: project.problem?.message ?? project.warehouse.message ?? 'What to do',
  });
  if (!choice) return;
  await commands.executeCommand(choice.command, ...choice.arguments);
}

export function showOutput({ output }: Parts): void {
  output.show();
}

export async function restartServer({ restart }: Parts): Promise<void> {
  await window.withProgress(
    { location: ProgressLocation.Window, title: 'Starting the language server of Grainline' },
    restart,
  );
}

export async function openWalkthrough({ context }: Parts): Promise<void> {
  await commands.executeCommand(
    'workbench.action.openWalkthrough',
    `${context.extension.id}#start`,
    'beside',
  );
}
