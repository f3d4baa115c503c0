/** What a warehouse holds, as a value: relations with their columns and keys, and what models were described to give. */

import type { Answers } from './answers.ts';
import type { ManifestNode, SourceNode } from './nodes.ts';
import type { Project } from './project.ts';
import type { Relation } from '../sql/plan/schema.ts';
import { relationKey, storedName } from './stored-names.ts';

export interface CatalogColumn {
  readonly name: string;
  /** As `format_type` spells it, such as `numeric(10,2)` or `timestamp with time zone`. */
  readonly type: string;
  /** pg_type oid. */
  readonly typeOid: number;
  /** -1 where the type has no modifier. */
  readonly typmod: number;
  /** Whether the catalog rules NULL out. */
  readonly notNull: boolean;
  readonly comment: string | null;
}

/** A set of columns of which the server guarantees that it does not repeat. */
export interface CatalogKey {
  readonly columns: readonly string[];
  readonly kind: 'primary' | 'unique';
}

export type RelationKind = 'table' | 'view' | 'materialized view' | 'foreign table' | 'partitioned table';

export interface CatalogRelation {
  readonly schema: string;
  readonly name: string;
  readonly kind: RelationKind;
  readonly columns: readonly CatalogColumn[];
  readonly keys: readonly CatalogKey[];
  /** All that its indexes and constraints guarantee, and what a view is made of; undefined where that was not read. */
  readonly guarantees?: Relation;
  readonly comment: string | null;
}

export interface Catalog {
  /** Milliseconds since the epoch; null when the warehouse was never read. */
  readonly readAt: number | null;
  /** By `relationKey`; of the target's database only. */
  readonly relations: ReadonlyMap<string, CatalogRelation>;
  /** The columns that Postgres says a resource's present text gives, by unique id. */
  readonly described: ReadonlyMap<string, readonly CatalogColumn[]>;
  /** The schemas of which `relations` holds everything. */
  readonly schemas: ReadonlySet<string>;
  /** What templates asked while they were rendered. */
  readonly answers: Answers;
}

export const emptyCatalog: Catalog = {
  readAt: null,
  relations: new Map(),
  described: new Map(),
  schemas: new Set(),
  answers: new Map(),
};

export interface KnownColumns {
  readonly columns: readonly CatalogColumn[];
  /** `described`: of its present text; `built`: of the relation that stands in the warehouse. */
  readonly from: 'described' | 'built';
}

/** Undefined when nobody knows: then nothing may be said of its columns. */
export function columnsOf(project: Project, catalog: Catalog, uniqueId: string): KnownColumns | undefined {
  const described = catalog.described.get(uniqueId);
  if (described) return { columns: described, from: 'described' };
  const node = project.manifest.nodes.get(uniqueId) ?? project.manifest.sources.get(uniqueId);
  const relation = node && relationOf(project, catalog, node);
  return relation && { columns: relation.columns, from: 'built' };
}

/** The relation that a resource was built as, where it stands. */
export function relationOf(
  project: Project,
  catalog: Catalog,
  node: ManifestNode | SourceNode,
): CatalogRelation | undefined {
  const stored = storedName(project, node);
  return stored && catalog.relations.get(relationKey(stored.schema, stored.name));
}
