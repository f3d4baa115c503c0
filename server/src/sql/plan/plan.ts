/** A query as relational algebra: each column has an identity, each expression is bound to the columns it reads. `start`: an offset. */

import type { Node } from 'libpg-query';
import type { Relation } from './schema.ts';

/** Unique within one bound statement. */
export type ColumnId = number;

export interface PlanColumn {
  readonly id: ColumnId;
  readonly name: string;
  /** As `format_type` spells it; undefined where only the server can tell. */
  readonly type: string | undefined;
}

/** A column that an expression gives. */
export interface Computed extends PlanColumn {
  readonly expression: Scalar;
}

/** A query's rows; `output` are those columns of the plan that it shows, in order. */
export interface BoundQuery {
  readonly plan: Plan;
  readonly output: readonly PlanColumn[];
}

/** A CTE or a view: bound once, read at each place with columns of its own. */
export interface NamedQuery {
  readonly kind: 'cte' | 'view';
  readonly name: string;
  readonly query: BoundQuery;
  /** Of a view: what the catalog says of it. */
  readonly relation?: Relation;
  /** Of a CTE: where its name stands. */
  readonly start: number | undefined;
}

export type Plan =
  | OneRow
  | Scan
  | NamedScan
  | FunctionScan
  | Values
  | Filter
  | Join
  | Project
  | Expand
  | Aggregate
  | Window
  | Distinct
  | DistinctOn
  | Sort
  | Limit
  | SetOperation
  | Recursive
  | Recursion;

export type PlanKind = Plan['kind'];

/** A query without FROM. */
export interface OneRow {
  readonly kind: 'one row';
}

/** `only`: without the rows of tables that inherit from it. */
export interface Scan {
  readonly kind: 'scan';
  readonly relation: Relation;
  /** The name that it goes by in the query. */
  readonly alias: string;
  readonly only: boolean;
  /** One for each column of the relation, in order; then those system columns that are read. */
  readonly columns: readonly PlanColumn[];
  readonly start: number;
}

export interface NamedScan {
  readonly kind: 'named';
  readonly of: NamedQuery;
  readonly alias: string;
  /** One for each of its query's output. */
  readonly columns: readonly PlanColumn[];
  readonly start: number;
}

/** `with ordinality` adds its column at the end. */
export interface FunctionScan {
  readonly kind: 'function';
  readonly calls: readonly Scalar[];
  readonly returns: 'one row' | 'rows';
  readonly columns: readonly PlanColumn[];
  readonly ordinality: ColumnId | undefined;
  readonly alias: string;
  /** The item as written, without its alias. */
  readonly node: Node;
}

export interface Values {
  readonly kind: 'values';
  readonly rows: readonly (readonly Scalar[])[];
  readonly columns: readonly PlanColumn[];
}

export interface Filter {
  readonly kind: 'filter';
  readonly input: Plan;
  readonly predicate: Scalar;
  readonly clause: 'where' | 'having';
}

export type JoinKind = 'inner' | 'left' | 'right' | 'full';

export interface Join {
  readonly kind: 'join';
  readonly join: JoinKind;
  readonly left: Plan;
  readonly right: Plan;
  readonly predicate: Scalar | undefined;
  /** Columns that USING or NATURAL made of two. */
  readonly merged: readonly Computed[];
  readonly start: number;
}

/** Gives these columns and no others. */
export interface Project {
  readonly kind: 'project';
  readonly input: Plan;
  /** Of a subquery in FROM. */
  readonly alias?: string;
  readonly columns: readonly Computed[];
}

/** Set-returning functions among the selected expressions: each row comes as often as they give rows. */
export interface Expand {
  readonly kind: 'expand';
  readonly input: Plan;
  readonly columns: readonly Computed[];
}

export interface AggregateCall extends PlanColumn {
  readonly function: string;
  readonly arguments: readonly Scalar[];
  readonly distinct: boolean;
  readonly filter: Scalar | undefined;
  readonly order: readonly SortKey[];
  /** `within group`: the arguments stand in `order`. */
  readonly ordered: boolean;
  readonly node: Node;
}

/** The input's columns that the grouping determines stay visible, as Postgres lets them be. */
export interface Aggregate {
  readonly kind: 'aggregate';
  readonly input: Plan;
  readonly groups: readonly Computed[];
  /** Indexes into `groups`, a list for each grouping set; undefined for a plain GROUP BY. */
  readonly sets: readonly (readonly number[])[] | undefined;
  readonly calls: readonly AggregateCall[];
  /** `grouping(…)`, with the indexes of the groups that it is about. */
  readonly grouping: readonly (PlanColumn & { readonly of: readonly number[] })[];
}

export interface SortKey {
  readonly expression: Scalar;
  readonly descending: boolean;
  readonly nulls: 'first' | 'last';
}

export interface WindowCall extends PlanColumn {
  readonly function: string;
  readonly arguments: readonly Scalar[];
  readonly filter: Scalar | undefined;
  readonly partition: readonly Scalar[];
  readonly order: readonly SortKey[];
  /** Whether it sees all rows of its partition: no ORDER BY and no frame, or one without bounds. */
  readonly wholePartition: boolean;
  readonly node: Node;
}

export interface Window {
  readonly kind: 'window';
  readonly input: Plan;
  readonly calls: readonly WindowCall[];
}

/** Over the given columns, which are all that the query shows. */
export interface Distinct {
  readonly kind: 'distinct';
  readonly input: Plan;
  readonly columns: readonly ColumnId[];
}

export interface DistinctOn {
  readonly kind: 'distinct on';
  readonly input: Plan;
  readonly on: readonly Scalar[];
  readonly order: readonly SortKey[];
}

export interface Sort {
  readonly kind: 'sort';
  readonly input: Plan;
  readonly order: readonly SortKey[];
}

export interface Limit {
  readonly kind: 'limit';
  readonly input: Plan;
  readonly count: Scalar | undefined;
  readonly offset: Scalar | undefined;
  readonly withTies: boolean;
}

export interface SetOperation {
  readonly kind: 'set';
  readonly operation: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly left: BoundQuery;
  readonly right: BoundQuery;
  readonly columns: readonly PlanColumn[];
}

/** A recursive CTE: what it starts from, and the step that reads what came before. */
export interface Recursive {
  readonly kind: 'recursive';
  readonly all: boolean;
  readonly start: BoundQuery;
  readonly step: BoundQuery;
  readonly columns: readonly PlanColumn[];
}

/** The step's view of what came before. */
export interface Recursion {
  readonly kind: 'recursion';
  readonly alias: string;
  readonly columns: readonly PlanColumn[];
}

interface Written {
  /** As written; undefined where the binder made it. */
  readonly node: Node | undefined;
}

export type Scalar = Written &
  (
    | { readonly kind: 'column'; readonly column: ColumnId }
    /** `text` as Postgres reads it, null for NULL. */
    | { readonly kind: 'constant'; readonly text: string | null; readonly type: ConstantType }
    | { readonly kind: 'parameter' }
    /** A function, or an operator by its sign. */
    | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Scalar[] }
    | { readonly kind: 'and' | 'or'; readonly arguments: readonly Scalar[] }
    | { readonly kind: 'not'; readonly argument: Scalar }
    | { readonly kind: 'is null'; readonly argument: Scalar }
    /** `is true`, `is not false`, … */
    | { readonly kind: 'is'; readonly argument: Scalar; readonly value: 'true' | 'false' | 'unknown' }
    | { readonly kind: 'is distinct'; readonly left: Scalar; readonly right: Scalar }
    | { readonly kind: 'in'; readonly argument: Scalar; readonly list: readonly Scalar[] }
    | { readonly kind: 'case'; readonly arms: readonly CaseArm[]; readonly otherwise: Scalar }
    | { readonly kind: 'coalesce'; readonly arguments: readonly Scalar[] }
    | { readonly kind: 'cast'; readonly argument: Scalar; readonly type: string | undefined }
    | { readonly kind: 'row' | 'array'; readonly arguments: readonly Scalar[] }
    | SubqueryScalar
    /** Anything else; its value depends on these. */
    | { readonly kind: 'other'; readonly arguments: readonly Scalar[] }
  );

export type ConstantType = 'integer' | 'numeric' | 'text' | 'boolean' | 'bit' | 'null';

export interface CaseArm {
  readonly when: Scalar;
  readonly then: Scalar;
}

export interface SubqueryScalar {
  readonly kind: 'subquery';
  readonly use: 'scalar' | 'exists' | 'any' | 'all' | 'array';
  /** What `any` and `all` compare with the query's columns. */
  readonly test: readonly Scalar[];
  readonly operator: string;
  readonly query: BoundQuery;
  /** The columns around it that it reads. */
  readonly outer: readonly ColumnId[];
}

/** What a plan gives to the plan above it. */
export function planColumns(plan: Plan): readonly PlanColumn[] {
  switch (plan.kind) {
    case 'one row':
      return [];
    case 'scan':
    case 'named':
    case 'function':
    case 'values':
    case 'project':
    case 'set':
    case 'recursive':
    case 'recursion':
      return plan.columns;
    case 'filter':
    case 'distinct':
    case 'distinct on':
    case 'sort':
    case 'limit':
      return planColumns(plan.input);
    case 'expand':
      return [...planColumns(plan.input), ...plan.columns];
    case 'aggregate':
      return [...plan.groups, ...plan.calls, ...plan.grouping];
    case 'window':
      return [...planColumns(plan.input), ...plan.calls];
    case 'join':
      return [...plan.merged, ...planColumns(plan.left), ...planColumns(plan.right)];
  }
}
