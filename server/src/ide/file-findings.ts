/** What is wrong in one file as far as the project and what is known of its warehouse tell, without asking anybody. */

import type { Diagnostic } from '../base/diagnostic.ts';
import { checkFile } from '../checks/check-project.ts';
import type { Project } from '../project/project.ts';
import { unknownColumns } from './columns/unknown-columns.ts';
import { resourcesIn } from './file-resources.ts';
import { fileVerdicts } from './grain/verdicts.ts';
import type { Snapshot } from './snapshot.ts';

export function fileFindings(snapshot: Snapshot, path: string): readonly Diagnostic[] {
  const { project, parser, catalog } = snapshot;
  const found = knownIn(project, checkFile(project, parser, path, catalog));
  // Columns of SQL that cannot be read are nobody's.
  if (found.some(({ severity, code }) => severity === 'error' && code !== 'unknown-ref')) return found;
  const columns = resourcesIn(project, path).code.flatMap((id) => unknownColumns(snapshot, id));
  const verdicts = fileVerdicts(snapshot, path);
  return [...found, ...columns.filter(({ place }) => place?.path === path), ...verdicts];
}

/** Names that a package may provide, and settings for what is in it. */
const OF_PACKAGES = new Set(['unknown-macro', 'unknown-test', 'unused-config-path']);

/**
 * While packages are missing nobody knows what they would provide: that they are is said once, in packages.yml, and not at each of a thousand
 * tests. A ref that is close to a name of the project is a slip all the same.
 */
function knownIn(project: Project, found: readonly Diagnostic[]): readonly Diagnostic[] {
  if (!project.diagnostics.some(({ code }) => code === 'missing-packages')) return found;
  return found.filter(
    ({ code, suggestion }) => !OF_PACKAGES.has(code) && !(code === 'unknown-ref' && !suggestion),
  );
}
