/** `sources:` entries: one resource a table, with what the source says for all of them. */

import { asList, isConfig, resolveConfig, writtenConfig, type ConfigLayers } from '../config.ts';
import { sourceRelation } from '../context/node-relation.ts';
import { fqnOf, uniqueId } from '../naming.ts';
import type { Config, SourceNode } from '../nodes.ts';
import { placeIn } from '../problems.ts';
import { columnNodes, type Describe } from './patches.ts';
import { entryRange, type SchemaEntry } from './schema-files.ts';
import { comparesUnrendered, sectionsFor, unrenderedSectionsFor, type ParseSession } from './session.ts';
import type { YamlPath } from '../yaml.ts';

export interface ParsedSource {
  readonly node: SourceNode;
  readonly entry: SchemaEntry;
  /** The table's path below the entry. */
  readonly path: YamlPath;
  readonly table: Config;
}

export function readSources(session: ParseSession, entry: SchemaEntry, describe: Describe): ParsedSource[] {
  return asList(entry.value.tables).flatMap((table, index) => {
    const path = ['tables', index];
    if (!isConfig(table) || typeof table.name !== 'string') {
      session.problems.error(
        'yaml-shape',
        `a table of the source '${entry.name}' needs a name. Write '- name: …'.`,
        placeIn(entry.yaml.file, entryRange(entry, ...path)),
      );
      return [];
    }
    return [{ node: sourceNode(session, entry, table, describe), entry, path, table }];
  });
}

function sourceNode(
  session: ParseSession,
  entry: SchemaEntry,
  table: Config,
  describe: Describe,
): SourceNode {
  const { value: source, unrendered, owner } = entry;
  const name = String(table.name);
  const fqn = [...fqnOf(owner.name, entry.relativePath, entry.name), name];
  const patch = sourceConfig(source, table);
  const layers: ConfigLayers = { type: 'source', fqn, ...sectionsFor(session, owner, 'sources'), patch };
  const config = resolveConfig(layers);
  const described = describe(text(table.description) ?? '', entry);
  const node: SourceNode = {
    database: text(source.database) ?? session.world.settings.target.database,
    schema: text(source.schema) ?? entry.name,
    name,
    resource_type: 'source',
    package_name: owner.name,
    path: entry.originalPath,
    original_file_path: entry.originalPath,
    unique_id: uniqueId('source', owner.name, entry.name, name),
    fqn,
    source_name: entry.name,
    source_description: describe(text(source.description) ?? '', entry).text,
    loader: text(source.loader) ?? '',
    identifier: text(table.identifier) ?? name,
    quoting: {
      database: null,
      schema: null,
      identifier: null,
      column: null,
      ...plainConfig(source.quoting),
      ...plainConfig(table.quoting),
    },
    loaded_at_field: text(config.loaded_at_field) ?? null,
    loaded_at_query: text(config.loaded_at_query) ?? null,
    freshness: isConfig(config.freshness) ? config.freshness : null,
    external: isConfig(table.external) ? table.external : null,
    description: described.text,
    columns: columnNodes(
      { ...entry, name: `${entry.name}.${name}` },
      asList(table.columns),
      describe,
      session.problems,
    ),
    meta: plainConfig(config.meta),
    source_meta: { ...plainConfig(source.meta), ...plainConfig(plainConfig(source.config).meta) },
    tags: asList(config.tags).map(String),
    config,
    patch_path: null,
    unrendered_config: writtenConfig({
      type: 'source',
      fqn,
      ...unrenderedSectionsFor(session, owner, 'sources'),
      patch: comparesUnrendered(session)
        ? sourceConfig(unrendered, unrenderedTable(unrendered, name))
        : patch,
    }),
    relation_name: '',
    created_at: session.createdAt,
    unrendered_database: text(unrendered.database) ?? null,
    unrendered_schema: text(unrendered.schema) ?? null,
    doc_blocks: [...described.docBlocks],
  };
  node.relation_name = sourceRelation(node).render();
  return node;
}

function unrenderedTable(unrendered: Config, name: string): Config {
  return (
    asList(unrendered.tables)
      .filter(isConfig)
      .find((table) => table.name === name) ?? {}
  );
}

/** The source's config under the table's, with the older top-level properties in their places. */
function sourceConfig(source: Config, table: Config): Config {
  const sourceOwn = plainConfig(source.config);
  const tableOwn = plainConfig(table.config);
  const freshness = mergedFreshness(
    [source.freshness, sourceOwn.freshness, table.freshness, tableOwn.freshness],
    'freshness' in table || 'freshness' in tableOwn || 'freshness' in source || 'freshness' in sourceOwn,
  );
  const loadedAtQuery = tableOwn.loaded_at_query ?? table.loaded_at_query;
  const loadedAtField = tableOwn.loaded_at_field ?? table.loaded_at_field;
  return {
    ...sourceOwn,
    ...tableOwn,
    ...(freshness === undefined ? {} : { freshness }),
    loaded_at_field:
      loadedAtField ??
      (loadedAtQuery === undefined ? (sourceOwn.loaded_at_field ?? source.loaded_at_field ?? null) : null),
    loaded_at_query:
      loadedAtQuery ??
      (loadedAtField === undefined ? (sourceOwn.loaded_at_query ?? source.loaded_at_query ?? null) : null),
    meta: {
      ...plainConfig(source.meta),
      ...plainConfig(sourceOwn.meta),
      ...plainConfig(table.meta),
      ...plainConfig(tableOwn.meta),
    },
    tags: [
      ...new Set(
        [
          ...asList(source.tags),
          ...asList(sourceOwn.tags),
          ...asList(table.tags),
          ...asList(tableOwn.tags),
        ].map(String),
      ),
    ],
  };
}

/** Undefined: nobody spoke of freshness. null: the table says there is none. */
function mergedFreshness(layers: readonly unknown[], isWritten: boolean): Config | null | undefined {
  if (!isWritten) return undefined;
  let merged: Config | null = {
    warn_after: { count: null, period: null },
    error_after: { count: null, period: null },
    filter: null,
  };
  for (const layer of layers) {
    if (layer === undefined) continue;
    if (layer === null) {
      merged = null;
      continue;
    }
    if (!isConfig(layer)) continue;
    merged ??= {
      warn_after: { count: null, period: null },
      error_after: { count: null, period: null },
      filter: null,
    };
    for (const key of ['warn_after', 'error_after'] as const) {
      if (isConfig(layer[key]))
        merged = { ...merged, [key]: { count: layer[key].count ?? null, period: layer[key].period ?? null } };
      else if (layer[key] === null) merged = { ...merged, [key]: { count: null, period: null } };
    }
    if (layer.filter !== undefined) merged = { ...merged, filter: layer.filter };
  }
  return merged;
}

function plainConfig(value: unknown): Config {
  return isConfig(value) ? value : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}
