/** The names that a query's FROM makes visible, and the look-up of a column among them. */

import type { ColumnId, PlanColumn } from './plan.ts';

/** A FROM item as its columns are qualified by it. */
export interface NamedItem {
  readonly alias: string;
  /** Of a relation that goes by its own name. */
  readonly schema: string | undefined;
  readonly columns: readonly PlanColumn[];
  /** Of a function that gives no rows but values: the whole row is the value. */
  readonly isValue?: boolean;
  /** System columns can be read from it. */
  system?(name: string): PlanColumn | undefined;
}

export interface Names {
  readonly items: readonly NamedItem[];
  /** What `*` gives, and what an unqualified name means. */
  readonly star: readonly PlanColumn[];
}

export interface Scope {
  readonly names: Names;
  readonly outer: Scope | undefined;
  /** Told of each column that is found in a scope around this one. */
  readonly reads: Set<ColumnId> | undefined;
}

/** What could not be bound, and why; the text's reader is told that the query is not understood. */
export class NotBound extends Error {
  readonly location: number | undefined;

  constructor(reason: string, location?: number) {
    super(reason);
    this.location = location;
  }
}

export const NO_NAMES: Names = { items: [], star: [] };

export function itemNames(item: NamedItem): Names {
  return { items: [item], star: item.columns };
}

export function beside(left: Names, right: Names): Names {
  return { items: [...left.items, ...right.items], star: [...left.star, ...right.star] };
}

/** Undefined where no column has that name; more than one is Postgres's error. */
export function findColumn(scope: Scope, name: string, location?: number): PlanColumn | undefined {
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const found = at.names.star.filter((column) => column.name === name);
    const [first] = found;
    if (first && found.some((column) => column.id !== first.id))
      throw new NotBound(`the column "${name}" is ambiguous`, location);
    if (first) return noted(scope, at, first);
  }
  return undefined;
}

export function findItem(
  scope: Scope,
  alias: string,
  schema: string | undefined,
): { readonly item: NamedItem; readonly at: Scope } | undefined {
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const item = at.names.items.find(
      (candidate) => candidate.alias === alias && (schema === undefined || candidate.schema === schema),
    );
    if (item) return { item, at };
  }
  return undefined;
}

/** Notes in every scope between that the column comes from outside of it. */
export function noted(from: Scope, at: Scope, column: PlanColumn): PlanColumn {
  for (let between: Scope | undefined = from; between && between !== at; between = between.outer)
    between.reads?.add(column.id);
  return column;
}

export function columnIn(item: NamedItem, name: string, location?: number): PlanColumn | undefined {
  const found = item.columns.filter((column) => column.name === name);
  if (found.length > 1) throw new NotBound(`the column "${name}" is ambiguous`, location);
  return found[0] ?? item.system?.(name);
}
