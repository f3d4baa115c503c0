/** Runs every check on a project. */
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Project } from '../project/project.ts';
export function checkProject(project: Project, selected?: ReadonlySet<string>): Promise<readonly Diagnostic[]> {
  void selected;
  return Promise.resolve(project.diagnostics);
}
