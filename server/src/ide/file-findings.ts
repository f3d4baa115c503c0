/** What is wrong in one file as far as the project and what is known of its warehouse tell, without asking anybody. */

import type { Diagnostic } from '../base/diagnostic.ts';
import { checkFile } from '../checks/check-project.ts';
import { unknownColumns } from './columns/unknown-columns.ts';
import { resourcesIn } from './file-resources.ts';
import type { Snapshot } from './snapshot.ts';

export function fileFindings(snapshot: Snapshot, path: string): readonly Diagnostic[] {
  const { project, parser } = snapshot;
  const found = checkFile(project, parser, path);
  // Columns of SQL that cannot be read are nobody's.
  if (found.some(({ severity, code }) => severity === 'error' && code !== 'unknown-ref')) return found;
  const columns = resourcesIn(project, path).code.flatMap((id) => unknownColumns(snapshot, id));
  return [...found, ...columns.filter(({ place }) => place?.path === path)];
}
