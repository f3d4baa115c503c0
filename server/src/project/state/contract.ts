/** Whether a model's contract is the one it had, and which differences break those who rely on it. */

import type { Config, ManifestNode } from '../nodes.ts';
import { equalIgnoringNulls } from './equality.ts';

export interface ContractComparison {
  readonly same: boolean;
  /** Each a line or more of text; empty when nothing breaks. */
  readonly breakingChanges: readonly string[];
}

const SAME: ContractComparison = { same: true, breakingChanges: [] };

/** The constraints that Postgres enforces; losing one is a breaking change. */
const ENFORCED: readonly unknown[] = ['check', 'not_null', 'unique', 'primary_key', 'foreign_key'];

export function compareContracts(old: ManifestNode, current: ManifestNode): ContractComparison {
  if (!old.contract.enforced) return current.contract.enforced ? { same: false, breakingChanges: [] } : SAME;
  if (current.contract.enforced && current.contract.checksum === old.contract.checksum) return SAME;
  const breakingChanges = [
    ...lostEnforcement(current),
    ...lostColumns(old, current),
    ...changedTypes(old, current),
    ...lostColumnConstraints(old, current),
    ...lostModelConstraints(old, current),
    ...lostMaterialization(old, current),
  ];
  return { same: false, breakingChanges };
}

/** A model that is gone: `disabled`, or deleted or renamed. Nothing is broken once its deprecation date has passed. */
export function compareRemovedContract(removed: ManifestNode, now: number): ContractComparison {
  if (!removed.contract.enforced) return SAME;
  const deprecated = removed.deprecation_date ? Date.parse(removed.deprecation_date) : Infinity;
  if (deprecated < now) return SAME;
  const what = removed.config.enabled === false ? 'was disabled' : 'was deleted or renamed';
  return { same: false, breakingChanges: [`Contracted model '${removed.unique_id}' ${what}.`] };
}

function lostEnforcement(current: ManifestNode): string[] {
  if (current.contract.enforced) return [];
  return [
    'Contract enforcement was removed: Previously, this model had an enforced contract. It is no longer configured ' +
      'to enforce its contract, and this is a breaking change.',
  ];
}

function lostColumns(old: ManifestNode, current: ManifestNode): string[] {
  return listed(
    'Columns were removed',
    sortedColumns(old)
      .filter(([key]) => !current.columns[key])
      .map(([, column]) => column.name),
  );
}

function changedTypes(old: ManifestNode, current: ManifestNode): string[] {
  return listed(
    'Columns with data_type changes',
    sortedColumns(old).flatMap(([key, column]) => {
      const now = current.columns[key];
      if (!now || baseType(column.data_type) === baseType(now.data_type)) return [];
      return [`${column.name} (${String(column.data_type)} -> ${String(now.data_type)})`];
    }),
  );
}

/** `varchar(10)` and `VARCHAR` are one type here: a length or precision breaks nobody. */
function baseType(type: string | null): string | null {
  return type ? (type.split('(', 1)[0] ?? '').trim().toLowerCase() : type;
}

function lostColumnConstraints(old: ManifestNode, current: ManifestNode): string[] {
  if (!enforcesConstraints(old)) return [];
  return listed(
    'Enforced column level constraints were removed',
    sortedColumns(old).flatMap(([key, column]) => {
      const now = current.columns[key];
      if (!now) return [];
      return lost(column.constraints, now.constraints).map(
        (constraint) => `'${nameOf(constraint)}' constraint on column ${key}`,
      );
    }),
  );
}

function lostModelConstraints(old: ManifestNode, current: ManifestNode): string[] {
  if (!enforcesConstraints(old)) return [];
  return listed(
    'Enforced model level constraints were removed',
    lost(old.constraints ?? [], current.constraints ?? []).map(
      (constraint) => `'${nameOf(constraint)}' constraint on columns ${columnsOf(constraint)}`,
    ),
  );
}

function lostMaterialization(old: ManifestNode, current: ManifestNode): string[] {
  const constrained =
    (old.constraints ?? []).length > 0 ||
    Object.values(old.columns).some((column) => column.constraints.length > 0);
  if (!constrained || !enforcesConstraints(old) || enforcesConstraints(current)) return [];
  return listed('Materialization changed with enforced constraints', [
    `${String(old.config.materialized)} -> ${String(current.config.materialized)}`,
  ]);
}

function enforcesConstraints(node: ManifestNode): boolean {
  return node.config.materialized === 'table' || node.config.materialized === 'incremental';
}

function lost(before: readonly Config[], after: readonly Config[]): Config[] {
  return before.filter(
    (constraint) =>
      ENFORCED.includes(constraint.type) && !after.some((other) => equalIgnoringNulls(other, constraint)),
  );
}

function nameOf(constraint: Config): string {
  return String(constraint.name ?? constraint.type);
}

function columnsOf(constraint: Config): string {
  const columns = Array.isArray(constraint.columns) ? constraint.columns : [];
  return `[${columns.map((column) => `'${String(column)}'`).join(', ')}]`;
}

function sortedColumns(node: ManifestNode): [string, ManifestNode['columns'][string]][] {
  return Object.entries(node.columns).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function listed(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${title}: \n    - ${items.join('\n    - ')}`];
}
