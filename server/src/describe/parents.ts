/** What is known of the relations that a query reads. */

import type { Catalog, CatalogColumn } from '../project/catalog.ts';

import { isConfig } from '../project/config.ts';
import { isEphemeral, type ManifestNode, type SourceNode } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';
import type { RelationRead } from './relation-reads.ts';
import { relationKey, resourcesByRelation, storedName } from '../project/stored-names.ts';
import type { Stand } from './stub-statement.ts';

/**
 * How far the columns can be trusted to be those of the relation that a run would read.
 * `described`: its text says so. `stale`: its text is broken now, this is what it last said. `built`: its text cannot be asked, the
 * relation may be of an older one. `stored`: nothing but the warehouse decides, and it may have changed since it was read.
 */
export type Trust = 'described' | 'stale' | 'built' | 'stored';

export interface Parent {
  readonly id: string;
  readonly columns: readonly CatalogColumn[] | undefined;
  readonly trust: Trust;
  /** Whether the server has the relation. */
  readonly stands: boolean;
  /** A query may leave out of GROUP BY what depends on the key; a stub has none. */
  readonly mayHavePrimaryKey: boolean;
  /** An incremental table may hold columns that its text no longer gives. */
  readonly keepsColumns: boolean;
}

/** Undefined for what is no resource of the project: a CTE, or a relation that only the server knows. */
export type ParentOf = (read: RelationRead) => Parent | undefined;

/** What is known of a resource beside the Catalog, from this very pass. */
export type Fresh =
  | { readonly kind: 'columns'; readonly columns: readonly CatalogColumn[] }
  | { readonly kind: 'broken' }
  /** What its text gives depends on answers of the warehouse. */
  | { readonly kind: 'undecided' };

export function parentLookup(
  project: Project,
  catalog: Catalog,
  reader: ManifestNode,
  freshOf: (id: string) => Fresh | undefined,
): ParentOf {
  const index = resourcesByRelation(project);
  const ephemerals = new Map<string, string>();
  for (const id of reader.depends_on.nodes) {
    const node = project.manifest.nodes.get(id);
    if (node && isEphemeral(node)) ephemerals.set(`__dbt__cte__${node.alias}`, id);
  }
  const { database: ownDatabase } = project.world.settings.target;
  return ({ database, schema, name }) => {
    // Postgres itself says that it cannot read another database.
    if (database !== null && database.toLowerCase() !== ownDatabase.toLowerCase()) return undefined;
    const id = schema === null ? ephemerals.get(name) : index.get(relationKey(schema, name));
    const node = id === undefined ? undefined : resourceOf(project, id);
    return node && parentOf(project, catalog, node, freshOf(node.unique_id));
  };
}

export function resourceOf({ manifest }: Project, id: string): ManifestNode | SourceNode | undefined {
  return manifest.nodes.get(id) ?? manifest.sources.get(id);
}

function parentOf(
  project: Project,
  catalog: Catalog,
  node: ManifestNode | SourceNode,
  fresh: Fresh | undefined,
): Parent {
  const { unique_id: id, resource_type: type } = node;
  const stored = storedName(project, node);
  const relation = stored && catalog.relations.get(relationKey(stored.schema, stored.name));
  const known = catalog.described.get(id);
  const common = {
    id,
    stands: relation !== undefined,
    mayHavePrimaryKey:
      relation?.keys.some(({ kind }) => kind === 'primary') === true || declaresPrimaryKey(node),
    keepsColumns: type !== 'source' && node.config.materialized === 'incremental' && relation !== undefined,
  };
  if (fresh?.kind === 'columns') return { ...common, columns: fresh.columns, trust: 'described' };
  if (fresh?.kind === 'broken') return { ...common, columns: known ?? relation?.columns, trust: 'stale' };
  if (fresh === undefined && known) return { ...common, columns: known, trust: 'described' };
  return { ...common, columns: relation?.columns, trust: type === 'source' ? 'stored' : 'built' };
}

function declaresPrimaryKey(node: ManifestNode | SourceNode): boolean {
  if (node.resource_type === 'source' || !node.contract.enforced) return false;
  const constraints = [
    ...(node.constraints ?? []),
    ...Object.values(node.columns).flatMap((column) => column.constraints),
  ];
  return constraints.some((constraint) => isConfig(constraint) && constraint.type === 'primary_key');
}

/** In a first question, every relation of known columns is a stub: what the server has may be of another day. */
export function firstStand(read: RelationRead, parent: Parent | undefined): Stand {
  if (!parent) return { kind: 'real' };
  if (parent.columns && !read.wantsTable) return { kind: 'stub', columns: parent.columns };
  return parent.stands ? { kind: 'real' } : { kind: 'unknown' };
}

/** In a second, the server's own relation, where it has one. */
export function secondStand(read: RelationRead, parent: Parent | undefined): Stand {
  if (parent?.stands === true) return { kind: 'real' };
  return firstStand(read, parent);
}
