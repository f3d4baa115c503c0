/** What the status bar says of a project: pure, so that every state can be read in a test. */

import type { ProjectState } from '../../../server/src/lsp/protocol.ts';

export interface StatusWords {
  readonly text: string;
  /** Markdown. */
  readonly detail: string;
  readonly isProblem: boolean;
}

/** `progress` is of the run that goes on: nodes done, and all of them. */
export function statusWords(
  project: ProjectState,
  progress: { readonly done: number; readonly all: number } | undefined,
  now: number,
): StatusWords {
  const target = project.target ?? 'no target';
  const isProblem = project.phase === 'broken' || project.warehouse.kind === 'away';
  return { text: statusText(project, target, progress), detail: statusDetail(project, now), isProblem };
}

function statusText(
  project: ProjectState,
  target: string,
  progress: { readonly done: number; readonly all: number } | undefined,
): string {
  if (project.running) {
    const counted = progress && progress.all > 0 ? ` ${progress.done}/${progress.all}` : '';
    return `$(loading~spin) ${target}${counted}`;
  }
  if (project.phase === 'loading') return `$(loading~spin) ${target}`;
  if (project.phase === 'broken') return `$(error) ${project.name}`;
  switch (project.warehouse.kind) {
    case 'connecting':
      return `$(sync~spin) ${target}`;
    case 'away':
      return `$(warning) ${target}`;
    case 'off':
      return `$(circle-slash) ${target}`;
    case 'connected':
    case 'unknown':
      return `$(database) ${target}`;
  }
}

function statusDetail(project: ProjectState, now: number): string {
  const { models, sources, tests } = project.counts;
  const { warehouse } = project;
  const lines = [
    `**${project.name}**: ${count(models, 'model')}, ${count(sources, 'source')}, ${count(tests, 'test')}`,
    `Target: ${project.target ?? 'none'}`,
    `Warehouse: ${warehouse.address ?? 'unknown'}${WAREHOUSE[warehouse.kind]}`,
    warehouse.catalogReadAt === null
      ? 'The catalog has not been read yet'
      : `Catalog read ${ago(now - warehouse.catalogReadAt)}`,
    ...(project.running ? [`$(loading~spin) ${project.running.title}`] : []),
    ...(project.problem ? [`$(error) ${project.problem.message}`] : []),
    ...(warehouse.message ? [`$(warning) ${warehouse.message}`] : []),
    'Click to choose what to do',
  ];
  return lines.join('\n\n');
}

const WAREHOUSE: Readonly<Record<ProjectState['warehouse']['kind'], string>> = {
  unknown: '',
  connecting: ', connecting',
  connected: ', connected',
  away: ', **away**: what it last told is used',
  off: ', off',
};

export function ago(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${count(minutes, 'minute')} ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${count(hours, 'hour')} ago` : `${count(Math.floor(hours / 24), 'day')} ago`;
}

function count(n: number, what: string): string {
  return `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;
}
