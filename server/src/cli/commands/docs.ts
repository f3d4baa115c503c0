/** `docs generate`: compiles, then writes what the warehouse says of every relation into catalog.json. */

import { callValue, noArguments, str, toJs, type Value } from '../../jinja/index.ts';
import { runningContext } from '../../project/compile.ts';
import { AgateTable } from '../../project/context/agate/index.ts';
import { projectQuoting } from '../../project/context/world.ts';
import { InformationSchema, Relation } from '../../project/context/relation.ts';
import type { Project } from '../../project/project.ts';
import { catalogJson, type CatalogColumn, type CatalogTable } from '../../run/artifacts/catalog-json.ts';
import { metadataOf } from '../../run/artifacts/metadata.ts';
import { systemNode } from '../../run/system-node.ts';
import { openAccess } from '../../run/single-session.ts';
import { flag, toggle, UsageError, type Arguments } from '../arguments.ts';
import { EXIT } from '../exit-codes.ts';
import { openProject, openWarehouse } from '../open-project.ts';
import type { Output } from '../output.ts';
import { targetFolder } from '../target-folder.ts';
import { runCommand } from './run.ts';

export async function docsCommand(args: Arguments, output: Output): Promise<number> {
  const [subcommand] = args.positional;
  if (subcommand !== 'generate')
    throw new UsageError(
      'docs has one subcommand here: generate. It writes target/manifest.json and target/catalog.json.',
    );
  if (toggle(args, 'compile') !== false) {
    const exit = await runCommand(args, 'generate', output);
    if (exit !== EXIT.done) return exit;
  }
  const { project, folder } = await openProject(args);
  const target = targetFolder(args, project, folder);
  if (toggle(args, 'compile') === false) target.writeManifest();
  const metadata = metadataOf(project.input.settings, Date.now());
  if (flag(args, 'empty-catalog')) {
    target.writeJson('catalog.json', catalogJson([], [], [], metadata));
    return EXIT.done;
  }
  const warehouse = await openWarehouse(folder, project.input.settings.target, (line) => {
    output.progress(line);
  });
  const { access, close } = await openAccess(warehouse);
  try {
    const running = runningContext(
      { project, access, selected: [], ephemeral: new Map(), onMessage: () => undefined },
      systemNode(project),
    );
    const macro = running.scope.find('get_catalog_relations');
    if (macro === undefined) throw new Error('the macro library has get_catalog_relations');
    const relations = wantedRelations(project);
    const table =
      relations.length === 0
        ? null
        : await callValue(macro, {
            positional: [informationSchema(project), relations],
            keyword: noArguments.keyword,
          });
    const tables = table instanceof AgateTable ? catalogTables(table) : new Map<string, CatalogTable>();
    const found = (
      members: Iterable<{ readonly unique_id: string; readonly schema: string; readonly name: string }>,
      nameOf: (id: string) => string,
    ): CatalogTable[] =>
      [...members].flatMap((member) => {
        const known = tables.get(`${member.schema}.${nameOf(member.unique_id)}`.toLowerCase());
        return known ? [{ ...known, uniqueId: member.unique_id }] : [];
      });
    const nodes = [...project.manifest.nodes.values()].filter((node) =>
      ['model', 'seed', 'snapshot'].includes(node.resource_type),
    );
    target.writeJson(
      'catalog.json',
      catalogJson(
        found(nodes, (id) => project.manifest.nodes.get(id)?.alias ?? ''),
        found(project.manifest.sources.values(), (id) => project.manifest.sources.get(id)?.identifier ?? ''),
        [],
        metadata,
      ),
    );
  } finally {
    await close();
  }
  output.log(`Catalog written to ${target.path}/catalog.json`);
  return EXIT.done;
}

function informationSchema(project: Project): Value {
  return new InformationSchema(
    new Relation({
      database: project.input.settings.target.database,
      quotePolicy: projectQuoting(project.world),
    }),
    null,
  );
}

function wantedRelations(project: Project): Value[] {
  const nodes = [...project.manifest.nodes.values()].filter(
    (node) =>
      ['model', 'seed', 'snapshot'].includes(node.resource_type) && node.config.materialized !== 'ephemeral',
  );
  return [
    ...nodes.map(
      (node) => new Relation({ database: node.database, schema: node.schema, identifier: node.alias }),
    ),
    ...[...project.manifest.sources.values()].map(
      (source) =>
        new Relation({ database: source.database, schema: source.schema, identifier: source.identifier }),
    ),
  ];
}

/** The rows of the catalog query, gathered by table. */
function catalogTables(table: AgateTable): Map<string, CatalogTable> {
  const names = table.columnNames.map((name) => name.toLowerCase());
  const tables = new Map<string, { table: Omit<CatalogTable, 'columns'>; columns: CatalogColumn[] }>();
  for (const row of table.rowValues()) {
    const cell = (name: string): Value => row[names.indexOf(name)] ?? null;
    const optional = (name: string): string | null => (cell(name) === null ? null : str(cell(name)));
    const key = `${str(cell('table_schema'))}.${str(cell('table_name'))}`.toLowerCase();
    const known = tables.get(key) ?? {
      table: {
        uniqueId: '',
        type: str(cell('table_type')),
        database: optional('table_database'),
        schema: str(cell('table_schema')),
        name: str(cell('table_name')),
        comment: optional('table_comment'),
        owner: optional('table_owner'),
      },
      columns: [],
    };
    known.columns.push({
      name: str(cell('column_name')),
      type: str(cell('column_type')),
      index: Number(toJs(cell('column_index'))),
      comment: optional('column_comment'),
    });
    tables.set(key, known);
  }
  return new Map([...tables].map(([key, { table: found, columns }]) => [key, { ...found, columns }]));
}
