/** Every command of the extension, by its name below `grainline.`; one that cannot do what it should says why. */

import { commands, window } from 'vscode';
import type { Disposable } from '../disposal.ts';
import type { Parts } from '../parts.ts';
import { Refusal } from '../server.ts';
import * as project from './project.ts';
import * as runs from './runs.ts';
import * as tasks from './tasks.ts';
import * as views from './views.ts';

/** `argument` is `{folder, uniqueId}` from a page or a lens, a file's URI from a menu, or nothing: then the active editor is meant. */
type Verb = (parts: Parts, argument: unknown) => Promise<void> | void;

const TABLE: Readonly<Record<string, Verb>> = {
  build: runs.build,
  buildWithParents: runs.buildWithParents,
  buildWithChildren: runs.buildWithChildren,
  buildAll: runs.buildAll,
  run: runs.run,
  test: runs.test,
  rerunFailed: runs.rerunFailed,
  stop: runs.stop,

  compile: views.showCompiled,
  showCompiled: views.showCompiled,
  preview: views.preview,
  previewSelection: views.previewSelection,
  showFailures: views.showFailures,
  showLineage: views.showLineage,
  openLineage: views.openLineage,
  showRuns: views.showRuns,
  openGrid: views.openGrid,
  openProblem: views.openProblem,

  initialise: tasks.initialise,
  reset: tasks.reset,
  loadInitial: tasks.loadInitial,
  ingestAll: tasks.ingestAll,
  ingestBatch: tasks.ingestBatch,
  fetchEmbedded: tasks.fetchEmbedded,

  chooseTarget: project.chooseTarget,
  refreshCatalog: project.refreshCatalog,
  validateGrain: project.validateGrain,
  showStatus: project.showStatus,
  showOutput: project.showOutput,
  restartServer: project.restartServer,
  openWalkthrough: project.openWalkthrough,
};

export function registerCommands(parts: () => Parts): Disposable[] {
  return Object.entries(TABLE).map(([name, verb]) =>
    commands.registerCommand(`grainline.${name}`, async (argument: unknown) => {
      try {
        await verb(parts(), argument);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        // Not waited for: a command has ended when it has said what there is to say.
        void window.showWarningMessage(error.message);
      }
    }),
  );
}
