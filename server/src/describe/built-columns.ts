/** The columns of what is built, or will be, where they are others than those of the query. */

import { type Catalog, type CatalogColumn } from '../project/catalog.ts';
import type { ManifestNode } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';
import type { Parent } from './parents.ts';
import { relationKey, storedName } from '../project/stored-names.ts';

/** Loading a seed again fills the table that stands, types and all, unless its columns have become others. */
export function seedColumns(
  project: Project,
  catalog: Catalog,
  node: ManifestNode,
  columns: readonly CatalogColumn[],
): readonly CatalogColumn[] {
  const standing = standingColumns(project, catalog, node);
  const names = new Set(standing?.map(({ name }) => name));
  return standing?.length === columns.length && columns.every(({ name }) => names.has(name))
    ? standing
    : columns;
}

export function standingColumns(
  project: Project,
  { relations }: Catalog,
  node: ManifestNode,
): readonly CatalogColumn[] | undefined {
  const stored = storedName(project, node);
  return stored && relations.get(relationKey(stored.schema, stored.name))?.columns;
}

/** The table of a model with a contract is made from the contract, and filled by name. */
export function inContractOrder(
  node: ManifestNode,
  columns: readonly CatalogColumn[],
): readonly CatalogColumn[] {
  if (!node.contract.enforced || !MADE_FROM_CONTRACT.has(String(node.config.materialized))) return columns;
  const byName = new Map(columns.map((column) => [column.name, column]));
  const ordered = Object.values(node.columns).flatMap(({ name }) => byName.get(name) ?? []);
  return ordered.length === columns.length ? ordered : columns;
}

const MADE_FROM_CONTRACT = new Set(['table', 'incremental']);

/** The columns that stand, and those that the next full build would add: what is in neither is a fault for certain. */
export function ownRelation(
  own: readonly CatalogColumn[] | undefined,
  standing: readonly CatalogColumn[] | undefined,
): Pick<Parent, 'columns' | 'trust' | 'keepsColumns'> {
  if (!own) return { columns: standing, trust: 'built', keepsColumns: true };
  const names = new Set(own.map(({ name }) => name));
  const kept = (standing ?? []).filter(({ name }) => !names.has(name));
  return { columns: [...own, ...kept], trust: 'described', keepsColumns: true };
}
