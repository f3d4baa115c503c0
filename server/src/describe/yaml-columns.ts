/** `yaml-column`: a property file lists a column that its model, seed, snapshot or source does not have. */

import { closestName } from '../base/closest-name.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { isOwn } from '../checks/check.ts';
import type { Catalog, CatalogColumn } from '../project/catalog.ts';

import { asList, isConfig } from '../project/config.ts';
import type { ManifestNode, SourceNode } from '../project/nodes.ts';
import type { SchemaEntry } from '../project/parse/schema-files.ts';
import { placeIn } from '../project/problems.ts';
import type { Project } from '../project/project.ts';
import type { YamlPath } from '../project/yaml.ts';
import { relationKey, storedName } from '../project/stored-names.ts';

/** Silent about what nobody knows the columns of. */
export function describedColumnProblems(project: Project, catalog: Catalog): readonly Diagnostic[] {
  const { manifest } = project;
  const found = new Map<string, Diagnostic>();
  for (const node of [...manifest.nodes.values(), ...manifest.sources.values()]) {
    if (!isOwn(project, node) || !MAY_LIST_COLUMNS.has(node.resource_type)) continue;
    const written = writtenColumns(project, node);
    const columns = written.length > 0 ? columnsFor(project, catalog, node) : undefined;
    if (!columns) continue;
    for (const problem of problemsOf(node, written, columns))
      found.set(JSON.stringify(problem.place), problem);
  }
  return [...found.values()];
}

const MAY_LIST_COLUMNS = new Set(['model', 'seed', 'snapshot', 'source']);

/** A source is what the warehouse holds; a built relation may lack what its model's text has by now. */
function columnsFor(
  project: Project,
  catalog: Catalog,
  node: ManifestNode | SourceNode,
): readonly CatalogColumn[] | undefined {
  const stored = storedName(project, node);
  const standing = stored && catalog.relations.get(relationKey(stored.schema, stored.name))?.columns;
  if (node.resource_type === 'source') return standing;
  const described = catalog.described.get(node.unique_id);
  // An incremental table keeps the columns that its text has lost.
  const isKept = described && node.config.materialized === 'incremental';
  return isKept ? [...described, ...(standing ?? [])] : described;
}

interface WrittenColumn {
  readonly entry: SchemaEntry;
  /** Below the entry, of the column's name. */
  readonly path: YamlPath;
  readonly name: string;
  readonly isQuoted: boolean;
}

/** Of a model with versions, those of the version, and of all versions where it includes them. */
function writtenColumns({ origins }: Project, node: ManifestNode | SourceNode): readonly WrittenColumn[] {
  const { entry, path = [] } = origins.get(node.unique_id) ?? {};
  if (!entry) return [];
  const whole = path.reduce<unknown>(
    (value, step) => (isConfig(value) || Array.isArray(value) ? (value as never)[step] : undefined),
    entry.value,
  );
  if (!isConfig(whole)) return [];
  const versions = asList(whole.versions);
  const index =
    node.resource_type === 'source' || node.version === null || node.version === undefined
      ? -1
      : versions.findIndex((version) => isConfig(version) && String(version.v) === String(node.version));
  const version = versions[index];
  const own = isConfig(version)
    ? columnsIn(entry, [...path, 'versions', index, 'columns'], version.columns)
    : [];
  const common = columnsIn(entry, [...path, 'columns'], whole.columns);
  // What a version leaves out is not in its node.
  return [...own, ...common.filter(({ name }) => name in node.columns)];
}

function columnsIn(entry: SchemaEntry, path: YamlPath, columns: unknown): WrittenColumn[] {
  return asList(columns).flatMap((column, index) =>
    isConfig(column) && typeof column.name === 'string'
      ? [{ entry, path: [...path, index, 'name'], name: column.name, isQuoted: column.quote === true }]
      : [],
  );
}

function* problemsOf(
  node: ManifestNode | SourceNode,
  written: readonly WrittenColumn[],
  columns: readonly CatalogColumn[],
): IterableIterator<Diagnostic> {
  const names = columns.map(({ name }) => name);
  const exact = new Set(names);
  const folded = new Set(names.map((name) => name.toLowerCase()));
  for (const { entry, path, name, isQuoted } of written) {
    // Without `quote`, dbt and Postgres take either case.
    if (exact.has(name) || (!isQuoted && folded.has(name.toLowerCase()))) continue;
    const place = placeIn(entry.yaml.file, entry.yaml.rangeOf([...entry.path, ...path]));
    const listed = new Set(written.map((other) => other.name));
    const close = closestName(
      name,
      names.filter((candidate) => !listed.has(candidate)),
    );
    const what = node.resource_type === 'source' ? `${node.source_name}.${node.name}` : node.name;
    yield {
      code: 'yaml-column',
      severity: 'warning',
      message: `the ${node.resource_type} '${what}' has no column '${name}'. ${close === undefined ? 'Remove it here, or add it there.' : `Did you mean '${close}'?`}`,
      place,
      ...(close === undefined ? {} : { suggestion: { range: place.range, text: close } }),
    };
  }
}
