/** The same as `diagnose`, and what a server says of the fixture's models; nothing is built there. */

import type { Diagnostic } from '../../server/src/base/diagnostic.ts';
import { runChecks } from '../../server/src/checks/check-project.ts';
import { describedColumnProblems } from '../../server/src/describe/yaml-columns.ts';
import { catalogOf, outcomes, parser, projectOn } from '../describe/describing.ts';
import { withSession } from '../support/postgres.ts';

/** What needs a server to be found. */
export const SERVER_CODES: ReadonlySet<string> = new Set([
  'postgres',
  'type-error',
  'unknown-column',
  'yaml-column',
]);

export function diagnoseOnServer(source: string): Promise<readonly Diagnostic[]> {
  return withSession(async (session, { settings }) => {
    const { project } = projectOn(settings, source);
    const catalog = await catalogOf(session, project);
    const found = [...(await outcomes(session, project, catalog))];
    const described = new Map(
      found.flatMap(([id, outcome]) => (outcome.kind === 'columns' ? [[id, outcome.columns] as const] : [])),
    );
    return [
      ...runChecks(project, parser),
      ...found.flatMap(([, outcome]) => (outcome.kind === 'refused' ? outcome.diagnostics : [])),
      ...describedColumnProblems(project, { ...catalog, described }),
    ];
  });
}
