/** A catalog in a few lines, and the sample project of this repository in memory. */

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Snapshot } from '../../server/src/ide/snapshot.ts';
import { emptyCatalog, type Catalog, type CatalogRelation } from '../../server/src/project/catalog.ts';
import { relationKey } from '../../server/src/project/stored-names.ts';
import { fileSet } from '../../server/src/project/files.ts';
import { loadProject } from '../../server/src/project/project.ts';
import { loadSqlParser } from '../../server/src/sql/parser.ts';
import { fixtureSettings, macroLibrary } from '../support/project.ts';

/** `schema.name(column type, column type not null)` a line. */
export function catalogOf(text: string): Catalog {
  const relations = text
    .trim()
    .split('\n')
    .map((line): CatalogRelation => {
      const [, schema = '', name = '', columns = ''] = /^\s*(\w+)\.(\w+)\((.*)\)$/u.exec(line) ?? [];
      return {
        schema,
        name,
        kind: 'table',
        columns: columns.split(', ').map((written) => {
          const notNull = written.endsWith(' not null');
          const [own = '', ...type] = written.replace(/ not null$/u, '').split(' ');
          return { name: own, type: type.join(' '), typeOid: 0, typmod: -1, notNull, comment: null };
        }),
        keys: [],
        comment: null,
      };
    });
  return {
    ...emptyCatalog,
    readAt: 0,
    relations: new Map(relations.map((relation) => [relationKey(relation.schema, relation.name), relation])),
  };
}

const root = fileURLToPath(new URL('../../', import.meta.url));

export async function sampleSnapshot(catalog: Catalog = emptyCatalog): Promise<Snapshot> {
  const paths = ['models', 'macros', 'data/seeds', 'test/data'].flatMap((folder) =>
    readdirSync(root + folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length)),
  );
  const files = fileSet(
    ['dbt_project.yml', ...paths].map((path) => [path, readFileSync(root + path, 'utf8')]),
  );
  const { project, diagnostics } = loadProject({
    files,
    library: macroLibrary(),
    settings: fixtureSettings(),
  });
  if (!project) throw new Error(diagnostics.map(({ message }) => message).join(' '));
  return { project, catalog, parser: await loadSqlParser() };
}
