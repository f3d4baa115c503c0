/** What can be done about a project's state, the most pressing first. */

import type { ProjectState } from '../../../server/src/lsp/protocol.ts';

export interface StatusChoice {
  readonly label: string;
  readonly description?: string;
  readonly command: string;
  readonly arguments: readonly unknown[];
}

export function statusChoices(project: ProjectState): readonly StatusChoice[] {
  const own = (label: string, command: string, description?: string): StatusChoice => ({
    label,
    command: `grainline.${command}`,
    arguments: [{ folder: project.folder }],
    ...(description !== undefined && { description }),
  });
  const { kind, remedy } = project.warehouse;
  const isThere = kind === 'connected' || kind === 'unknown';
  return [
    ...(project.running ? [own('$(debug-stop) Stop What Runs', 'stop', project.running.title)] : []),
    ...(project.problem?.location
      ? [
          {
            label: '$(error) Go to the Problem',
            description: project.problem.message,
            command: 'grainline.openProblem',
            arguments: [project.problem.location],
          },
        ]
      : []),
    ...(remedy === 'fetch-embedded'
      ? [own('$(desktop-download) Fetch the Embedded Postgres…', 'fetchEmbedded', '22 to 53 MB, once')]
      : []),
    ...(isThere ? [] : [own('$(refresh) Connect Again', 'refreshCatalog', project.warehouse.message ?? '')]),
    ...(kind === 'off' || kind === 'away'
      ? [own('$(database) Initialise Warehouse', 'initialise', 'starts it when it comes with the project')]
      : []),
    own('$(target) Choose Target…', 'chooseTarget', project.target ?? 'none'),
    ...(isThere
      ? [own('$(refresh) Read the Catalog Again', 'refreshCatalog', project.warehouse.address ?? '')]
      : []),
    own('$(history) Show Runs', 'showRuns'),
    own('$(output) Show Output', 'showOutput'),
    own('$(debug-restart) Restart Language Server', 'restartServer'),
  ];
}
