/** A fixture's project described on a server, as an editor does it. */

import { describeModels, type Outcome } from '../../server/src/describe/describe-models.ts';
import { readCatalog } from '../../server/src/describe/read-catalog.ts';
import { schemasOf } from '../../server/src/project/stored-names.ts';
import { emptyCatalog, type Catalog } from '../../server/src/project/catalog.ts';
import type { Project } from '../../server/src/project/project.ts';
import { loadSqlParser } from '../../server/src/sql/parser.ts';
import type { ConnectionSettings, Session } from '../../server/src/warehouse/port.ts';
import { fixtureSettings, projectFromFixture, type FixtureProject } from '../support/project.ts';

export const parser = await loadSqlParser();

/** The fixture's project with the server's database as its target. */
export function projectOn({ database }: ConnectionSettings, source: string): FixtureProject {
  const { target } = fixtureSettings();
  return projectFromFixture(source, { target: { ...target, database } });
}

export async function catalogOf(session: Session, project: Project): Promise<Catalog> {
  const schemas = schemasOf(project);
  return {
    ...emptyCatalog,
    readAt: 1,
    schemas: new Set(schemas),
    relations: await readCatalog(session, schemas),
  };
}

/** By unique id, all resources where `ids` are not given. */
export async function outcomes(
  session: Session,
  project: Project,
  catalog: Catalog,
  ids: Iterable<string> = project.manifest.nodes.keys(),
): Promise<Map<string, Outcome>> {
  const found = new Map<string, Outcome>();
  for await (const { uniqueId, outcome } of describeModels(session, project, catalog, ids, { parser }))
    found.set(uniqueId, outcome);
  return found;
}

/** `name type, name type`, or what came instead. */
export function printed(outcome: Outcome | undefined): string {
  switch (outcome?.kind) {
    case 'columns':
      return outcome.columns.map(({ name, type }) => `${name} ${type}`).join(', ');
    case 'refused':
      return outcome.diagnostics.map(({ code, message }) => `${code}: ${message}`).join('; ');
    case 'unknown':
      return `unknown: ${outcome.reason}`;
    case undefined:
      return 'nothing';
  }
}
