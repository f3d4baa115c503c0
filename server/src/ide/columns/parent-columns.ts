/** The columns of what a model reads: as described or built, else worked out from the parent's own SQL, else as its property file says. */

import { isConfig } from '../../project/config.ts';
import { parseCsv } from '../../base/csv.ts';
import type { CapturedText } from '../../jinja/index.ts';
import { columnsOf, relationOf, type Catalog, type CatalogColumn } from '../../project/catalog.ts';
import { relationKey } from '../../project/stored-names.ts';
import type { SourceFile } from '../../project/files.ts';
import { isEphemeral, type ColumnNode, type ManifestNode, type SourceNode } from '../../project/nodes.ts';
import type { Project } from '../../project/project.ts';
import type { RelationColumns } from '../../sql/scopes/columns.ts';
import { resolveScopes } from '../../sql/scopes/queries.ts';
import type { Snapshot } from '../snapshot.ts';
import { keptRenderings } from './kept-renderings.ts';
import { renderedSql, treeOf, type RenderedSql } from './rendered.ts';

export interface ParentColumn {
  readonly name: string;
  readonly type: string | undefined;
  readonly isNotNull: boolean;
}

export interface ParentColumns {
  readonly columns: readonly ParentColumn[];
  /** Whether there are no others; only then may a name be called missing. */
  readonly isComplete: boolean;
}

/** `certain`: only what is known; `likely`: also what property files list, to offer and to explain it. */
export type Trust = 'certain' | 'likely';

export function relationColumns(snapshot: Snapshot, trust: Trust): RelationColumns {
  return (schema, name) => {
    const id = idOfRelation(snapshot.project, schema, name);
    if (id === undefined) return undefined;
    const { columns, isComplete } = parentColumns(snapshot, id);
    if (isComplete) return columns;
    if (trust === 'certain') return undefined;
    const likely = withDeclared(snapshot.project, id, columns);
    return likely.length > 0 ? likely : undefined;
  };
}

const relations = new WeakMap<Project, ReadonlyMap<string, string>>();

/** The resource that is built (or loaded) under a name. */
export function idOfRelation(project: Project, schema: string | undefined, name: string): string | undefined {
  let known = relations.get(project);
  if (!known) relations.set(project, (known = relationIds(project)));
  return known.get(schema === undefined ? name : relationKey(schema, name));
}

const BUILT = new Set(['model', 'seed', 'snapshot']);

function relationIds({ manifest }: Project): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const { unique_id: id, schema, identifier } of manifest.sources.values())
    ids.set(relationKey(schema, identifier), id);
  for (const node of manifest.nodes.values()) {
    if (!BUILT.has(node.resource_type)) continue;
    if (isEphemeral(node)) ids.set(`__dbt__cte__${node.alias}`, node.unique_id);
    else ids.set(relationKey(node.schema, node.alias), node.unique_id);
  }
  return ids;
}

export function resourceOf({ manifest }: Project, id: string): ManifestNode | SourceNode | undefined {
  return manifest.nodes.get(id) ?? manifest.sources.get(id);
}

/** What a property file says of a column; names there are folded unless they are quoted. */
export function declaredColumn(project: Project, id: string, name: string): ColumnNode | undefined {
  const columns = Object.values(resourceOf(project, id)?.columns ?? {});
  return (
    columns.find((column) => column.name === name) ??
    columns.find((column) => column.quote !== true && column.name.toLowerCase() === name)
  );
}

function withDeclared(
  project: Project,
  id: string,
  columns: readonly ParentColumn[],
): readonly ParentColumn[] {
  const known = new Set(columns.map(({ name }) => name));
  const declared = Object.values(resourceOf(project, id)?.columns ?? {}).map(
    ({ name, quote, data_type: type }): ParentColumn => ({
      name: quote === true ? name : name.toLowerCase(),
      type: type ?? undefined,
      isNotNull: false,
    }),
  );
  return [...columns, ...declared.filter(({ name }) => !known.has(name))];
}

const UNKNOWN: ParentColumns = { columns: [], isComplete: false };

type Known = Map<string, ParentColumns>;

const memo = new WeakMap<Project, WeakMap<Catalog, Known>>();

export function parentColumns(snapshot: Snapshot, id: string): ParentColumns {
  const known = knownOf(snapshot);
  const found = known.get(id);
  if (found) return found;
  // Parents first: a long chain must not become a deep recursion.
  for (const next of parentsFirst(snapshot, id, known)) {
    // Whoever asks for it while it is worked out goes round in a circle.
    known.set(next, UNKNOWN);
    known.set(next, readColumns(snapshot, next));
  }
  return known.get(id) ?? UNKNOWN;
}

function knownOf({ project, catalog }: Snapshot): Known {
  let byCatalog = memo.get(project);
  if (!byCatalog) memo.set(project, (byCatalog = new WeakMap<Catalog, Known>()));
  let known = byCatalog.get(catalog);
  if (!known) byCatalog.set(catalog, (known = new Map<string, ParentColumns>()));
  return known;
}

function parentsFirst({ project, catalog }: Snapshot, id: string, known: Known): readonly string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const waiting: { readonly id: string; readonly isReady: boolean }[] = [{ id, isReady: false }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (next.isReady) {
      order.push(next.id);
      continue;
    }
    if (seen.has(next.id) || known.has(next.id)) continue;
    seen.add(next.id);
    waiting.push({ id: next.id, isReady: true });
    if (catalog.described.has(next.id)) continue;
    for (const parent of project.manifest.nodes.get(next.id)?.depends_on.nodes ?? [])
      waiting.push({ id: parent, isReady: false });
  }
  return order;
}

function readColumns(snapshot: Snapshot, id: string): ParentColumns {
  const catalogued = columnsOf(snapshot.project, snapshot.catalog, id);
  const described = catalogued && fromCatalog(catalogued.columns);
  const node = snapshot.project.manifest.nodes.get(id);
  // What was described or built came of other answers, or of another text.
  if (described && node && isUndecided(snapshot, node)) return { ...described, isComplete: false };
  if (described && catalogued.from === 'described') return withOld(snapshot, node, described);
  const inferred = node ? inferredColumns(snapshot, node) : UNKNOWN;
  if (!described) return inferred;
  if (!inferred.isComplete) return described;
  const isKept = node?.config.materialized === 'incremental';
  return united(inferred, described, isKept ? 'old columns stay' : 'built anew');
}

function isUndecided(snapshot: Snapshot, node: ManifestNode): boolean {
  return keptRenderings(snapshot, node).some(
    (rendering) => rendering.kind === 'unknown' && rendering.questions.length > 0,
  );
}

/** What an incremental model reads of itself is the table that stands. */
function withOld(
  { project, catalog }: Snapshot,
  node: ManifestNode | undefined,
  described: ParentColumns,
): ParentColumns {
  const built = node?.config.materialized === 'incremental' ? relationOf(project, catalog, node) : undefined;
  return built ? united(described, fromCatalog(built.columns), 'old columns stay') : described;
}

const catalogued = new WeakMap<readonly CatalogColumn[], ParentColumns>();

function fromCatalog(columns: readonly CatalogColumn[]): ParentColumns {
  let found = catalogued.get(columns);
  if (!found) {
    const own = columns.map(({ name, type, notNull }) => ({ name, type, isNotNull: notNull }));
    catalogued.set(columns, (found = { columns: own, isComplete: true }));
  }
  return found;
}

const unions = new WeakMap<ParentColumns, { readonly built: ParentColumns; readonly union: ParentColumns }>();

/** An incremental table keeps the columns that it was made with; any other is built anew from the present text. */
function united(
  inferred: ParentColumns,
  built: ParentColumns,
  how: 'old columns stay' | 'built anew',
): ParentColumns {
  const known = unions.get(inferred);
  if (known?.built === built) return known.union;
  const typed = withTypes(inferred.columns, built.columns);
  const names = new Set(typed.map(({ name }) => name));
  const old = how === 'built anew' ? [] : built.columns.filter(({ name }) => !names.has(name));
  const union = { columns: [...typed, ...old], isComplete: true };
  unions.set(inferred, { built, union });
  return union;
}

function withTypes(
  columns: readonly ParentColumn[],
  built: readonly ParentColumn[],
): readonly ParentColumn[] {
  const byName = new Map(built.map((column) => [column.name, column]));
  return columns.map((column) => {
    const known = byName.get(column.name);
    return known && (column.type === undefined || column.type === known.type) ? known : column;
  });
}

interface Inferred {
  /** What the parents had; the same objects give the same answer. */
  readonly parents: readonly ParentColumns[];
  readonly columns: ParentColumns;
}

const inferences = new WeakMap<CapturedText, Inferred>();

function inferredColumns(snapshot: Snapshot, node: ManifestNode): ParentColumns {
  if (node.resource_type === 'seed') return seedColumns(snapshot.project, node);
  if (node.resource_type !== 'model' || node.language !== 'sql' || !isQueryKept(node)) return UNKNOWN;
  const [first] = renderedSql(snapshot, node);
  if (!first) return UNKNOWN;
  const known = knownOf(snapshot);
  const parents = node.depends_on.nodes.map((id) => known.get(id) ?? UNKNOWN);
  const before = inferences.get(first.sql);
  if (before && sameObjects(before.parents, parents)) return before.columns;
  const columns = outputColumns(snapshot, first);
  inferences.set(first.sql, { parents, columns });
  return columns;
}

function sameObjects(a: readonly object[], b: readonly object[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function outputColumns(snapshot: Snapshot, rendered: RenderedSql): ParentColumns {
  const tree = treeOf(snapshot.parser, rendered);
  if (tree?.statements.length !== 1) return UNKNOWN;
  const { output } = resolveScopes(tree, relationColumns(snapshot, 'certain'));
  const columns = output.known.map(({ name, type }) => ({ name, type, isNotNull: false }));
  return { columns, isComplete: output.isComplete };
}

/** What the built-in materializations build has the columns of its query; another may do with it what it likes. */
function isQueryKept({ config }: ManifestNode): boolean {
  return ['view', 'table', 'incremental', 'ephemeral', 'materialized_view'].includes(
    String(config.materialized),
  );
}

const seeds = new WeakMap<SourceFile, { readonly key: string; readonly columns: ParentColumns }>();

function seedColumns(project: Project, node: ManifestNode): ParentColumns {
  const file = project.origins.get(node.unique_id)?.raw?.file;
  if (!file || file.isLarge === true) return UNKNOWN;
  const { delimiter, column_types: types, quote_columns: isQuoted } = node.config;
  const key = JSON.stringify([delimiter, types, isQuoted]);
  const known = seeds.get(file);
  if (known?.key === key) return known.columns;
  const end = file.text.search(/[\r\n]/u);
  const line = file.text.slice(0, end < 0 ? undefined : end);
  const columns: ParentColumns = {
    columns: parseCsv(line, typeof delimiter === 'string' ? delimiter : ',').header.map((written) => {
      const type = isConfig(types) ? types[written] : undefined;
      // Names go into the statement without quotes, unless told otherwise.
      const name = isQuoted === true ? written : written.toLowerCase();
      return { name, type: typeof type === 'string' ? type : undefined, isNotNull: false };
    }),
    // What stands in the warehouse may have been loaded from an older file.
    isComplete: false,
  };
  seeds.set(file, { key, columns });
  return columns;
}
