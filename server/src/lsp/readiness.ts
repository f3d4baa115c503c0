/** A project that is asked for more than it may be ready for: it is given, or the request is refused with what to do. */

import type { Project } from '../project/project.ts';
import type { Target } from '../project/settings.ts';
import type { ProjectHost } from './project-host.ts';
import { RefusedError } from './refusal.ts';

const STILL_READING = 'The project is still being read: try again in a moment.';

export function readyProject({ project }: ProjectHost): Project {
  if (!project) throw new RefusedError(STILL_READING);
  return project;
}

/** For what reaches the warehouse. */
export function projectWithTarget(host: ProjectHost): { readonly project: Project; readonly target: Target } {
  const { project, survey } = host;
  if (!project || !survey?.hasTarget)
    throw new RefusedError(host.stateOfProject.problem?.message ?? STILL_READING);
  return { project, target: survey.settings.target };
}
