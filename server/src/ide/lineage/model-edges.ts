/** A model's column lineage as edges from the columns of what it reads to its own, with the expression at each hop between. */

import { isConfig } from '../../project/config.ts';
import { configString, type ManifestNode } from '../../project/nodes.ts';
import { givesValue, through, weightier, type How } from '../../sql/lineage/how.ts';
import {
  statementLineage,
  type LineageColumn,
  type Link,
  type StatementLineage,
} from '../../sql/lineage/statement-lineage.ts';
import type { Relation } from '../../sql/plan/schema.ts';
import { knownRelation } from '../grain/known-relation.ts';
import { modelAnalysis, type ModelAnalysis } from '../grain/model-analysis.ts';
import type { Snapshot } from '../snapshot.ts';

/** A resource's column; without one its rows as such, which `count(*)` is about and filters decide. */
export interface ColumnPlace {
  readonly uniqueId: string;
  readonly column: string | null;
}

/** An expression on the way, nearest to the result first; `query` is a CTE's or subquery's name, empty for the statement itself. */
export interface Hop {
  readonly query: string;
  readonly column: string;
  readonly how: How;
  readonly expression: string | null;
}

export interface ColumnEdge {
  readonly from: ColumnPlace;
  readonly to: ColumnPlace;
  readonly how: How;
  readonly hops: readonly Hop[];
}

export type ModelEdges =
  | {
      readonly kind: 'known';
      readonly columns: readonly string[];
      readonly to: ReadonlyMap<string | null, readonly ColumnEdge[]>;
      readonly from: ReadonlyMap<string, readonly ColumnEdge[]>;
    }
  | { readonly kind: 'unknown'; readonly reason: string };

const memo = new WeakMap<ModelAnalysis, ModelEdges>();
const statements = new WeakMap<ModelAnalysis, StatementLineage>();

/** Of sources and seeds, which nothing here makes, undefined. */
export function modelEdges(snapshot: Snapshot, uniqueId: string): ModelEdges | undefined {
  const node = snapshot.project.manifest.nodes.get(uniqueId);
  if (!node || (node.resource_type !== 'model' && node.resource_type !== 'snapshot')) return undefined;
  const analysis = modelAnalysis(snapshot, uniqueId);
  let edges = memo.get(analysis);
  if (!edges) {
    edges = edgesOf(snapshot, node, analysis);
    // Reasons are shared by many models; what is behind them is cheap.
    if (analysis.kind === 'analyzed') memo.set(analysis, edges);
  }
  return edges;
}

/** Undefined where the model's SQL is not understood. */
export function lineageOfModel(analysis: ModelAnalysis): StatementLineage | undefined {
  if (analysis.kind === 'unknown') return undefined;
  let lineage = statements.get(analysis);
  if (!lineage)
    statements.set(analysis, (lineage = statementLineage(analysis.analysis.statement.query, analysis.tree)));
  return lineage;
}

/** Which resource a relation of a model's plan is. */
export function resourcesRead(snapshot: Snapshot, node: ManifestNode): ReadonlyMap<Relation, string> {
  return new Map(
    [...node.depends_on.nodes, node.unique_id].flatMap((id) => {
      const relation = knownRelation(snapshot, id);
      return relation ? [[relation, id] as const] : [];
    }),
  );
}

function edgesOf(snapshot: Snapshot, node: ManifestNode, analysis: ModelAnalysis): ModelEdges {
  const lineage = lineageOfModel(analysis);
  if (!lineage || analysis.kind === 'unknown')
    return {
      kind: 'unknown',
      reason: analysis.kind === 'unknown' ? analysis.reason : 'it is not understood',
    };
  const idOf = resourcesRead(snapshot, node);
  const { query } = lineage;
  const collected = query.columns.flatMap((column) => [...edgesInto(node.unique_id, column.name, column.links, idOf)]); // prettier-ignore
  const all = [
    ...collected,
    ...edgesInto(node.unique_id, null, query.rows, idOf),
    ...(node.resource_type === 'snapshot' ? addedBySnapshot(node, collected) : []),
  ];
  return {
    kind: 'known',
    columns: query.columns.map(({ name }) => name),
    to: grouped(all, ({ to }) => to.column),
    from: grouped(all, ({ from }) => placeKey(from)),
  };
}

function grouped<K>(edges: readonly ColumnEdge[], keyOf: (edge: ColumnEdge) => K): Map<K, ColumnEdge[]> {
  const groups = new Map<K, ColumnEdge[]>();
  for (const edge of edges) {
    const key = keyOf(edge);
    const group = groups.get(key);
    if (group) group.push(edge);
    else groups.set(key, [edge]);
  }
  return groups;
}

export function placeKey({ uniqueId, column }: ColumnPlace): string {
  return column === null ? uniqueId : `${uniqueId}\n${column}`;
}

/** One edge for each column of a relation, by the way that says most of it. */
function edgesInto(
  uniqueId: string,
  column: string | null,
  links: readonly Link[],
  idOf: ReadonlyMap<Relation, string>,
): readonly ColumnEdge[] {
  const found = new Map<string, ColumnEdge>();
  const seen = new Map<object, Set<How>>();
  const visit = (
    all: readonly Link[],
    near: How,
    hops: readonly Hop[],
    own: { query: string; column: string },
  ): void => {
    for (const { how: far, expression = null, source } of all) {
      const how = through(near, far);
      const way = [...hops, { ...own, how: far, expression }];
      if (source.kind === 'column' || source.kind === 'rows') {
        const place: object = source.kind === 'column' ? source.column : source.query;
        const hows = seen.get(place);
        if (hows?.has(how)) continue;
        if (hows) hows.add(how);
        else seen.set(place, new Set([how]));
        // What decides about the rows of a CTE is told of them, not of each column that reads it.
        if (source.kind === 'column') visit(source.column.links, how, way, named(source.column));
        else visit(source.query.rows, how, way, { query: source.query.name, column: '' });
        continue;
      }
      const id = idOf.get(source.relation);
      if (id === undefined) continue;
      const from = { uniqueId: id, column: source.kind === 'relation column' ? source.column : null };
      const known = found.get(placeKey(from));
      if (known?.how !== undefined && weightier(known.how, how) === known.how) continue;
      found.set(placeKey(from), { from, to: { uniqueId, column }, how, hops: way });
    }
  };
  visit(links, 'passed through', [], { query: '', column: column ?? '' });
  return [...found.values()].map((edge) => (column === null ? edge : underItsName(edge)));
}

function named({ query, name }: LineageColumn): { readonly query: string; readonly column: string } {
  return { query: query.name, column: name };
}

/** Renamed there and back is passed through. */
function underItsName(edge: ColumnEdge): ColumnEdge {
  if (edge.how !== 'passed through' && edge.how !== 'renamed') return edge;
  return { ...edge, how: edge.from.column === edge.to.column ? 'passed through' : 'renamed' };
}

/** The validity columns of the timestamp strategy are made of what tells when a row was updated. */
function addedBySnapshot(
  { unique_id: uniqueId, config }: ManifestNode,
  edges: readonly ColumnEdge[],
): readonly ColumnEdge[] {
  const updatedAt = configString(config, 'updated_at');
  if (config.strategy !== 'timestamp' || updatedAt === undefined) return [];
  const renamed = isConfig(config.snapshot_meta_column_names) ? config.snapshot_meta_column_names : {};
  return ['dbt_updated_at', 'dbt_valid_from', 'dbt_valid_to'].flatMap((name) => {
    const column = configString(renamed, name) ?? name;
    return edges
      .filter(({ to, how }) => to.column === updatedAt && givesValue(how))
      .map((edge): ColumnEdge => ({ ...edge, to: { uniqueId, column }, how: through('computed', edge.how) }));
  });
}
