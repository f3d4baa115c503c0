/** What a statement's names mean: its queries, what each reads, the columns they give, and where each column comes from. */

import type { Range } from '../../base/text.ts';

/** What the caller knows of relations: undefined where it knows nothing. Names are as the server stores them. */
export type RelationColumns = (
  schema: string | undefined,
  name: string,
) => readonly { readonly name: string; readonly type: string | undefined }[] | undefined;

export interface Column {
  readonly name: string;
  /** As `format_type` spells it; undefined where it would have to be computed. */
  readonly type: string | undefined;
  /** The columns of FROM items that the expression names; one and `isPlain` where it only passes through. */
  readonly sources: readonly Source[];
  readonly isPlain: boolean;
  /** The alias, else the name that gave it its own, else the whole expression; undefined for a relation's column. */
  readonly nameRange: Range | undefined;
}

export interface Source {
  readonly item: FromItem;
  readonly column: Column;
}

/** Where `isComplete` is false there are more, and the order of those known says nothing. */
export interface Columns {
  readonly known: readonly Column[];
  readonly isComplete: boolean;
}

/** `join` is a join with an alias, which hides what it joins. */
export type FromItemKind = 'relation' | 'cte' | 'subquery' | 'function' | 'join';

export interface FromItem {
  readonly kind: FromItemKind;
  /** What qualifies its columns: the alias, else the relation's name; empty where it has none. */
  readonly name: string;
  /** The alias where there is one, else the name. */
  readonly nameRange: Range | undefined;
  readonly relation: { readonly schema: string | undefined; readonly name: string } | undefined;
  readonly cte: Cte | undefined;
  readonly columns: Columns;
}

export interface Cte {
  readonly name: string;
  readonly nameRange: Range;
  /** From its name to its closing bracket. */
  readonly range: Range;
  readonly columns: Columns;
}

export interface Query {
  readonly kind: 'select' | 'set operation' | 'values' | 'change';
  /** Those of its own WITH. */
  readonly ctes: readonly Cte[];
  readonly items: readonly FromItem[];
  readonly output: Columns;
}

/** The part of a query that a name stands in. */
export type Clause =
  'select' | 'from' | 'on' | 'where' | 'group by' | 'having' | 'window' | 'order by' | 'limit' | 'values';

export type Resolution =
  /** Two sources where USING or NATURAL made one column of two. */
  | { readonly kind: 'column'; readonly sources: readonly Source[] }
  /** A column of the query's own output, as ORDER BY and GROUP BY may name it. */
  | { readonly kind: 'output'; readonly column: Column }
  /** The whole row of a FROM item. */
  | { readonly kind: 'row'; readonly item: FromItem }
  /** All that it could mean is known, and nothing has that name. `item` is the qualifier's. */
  | { readonly kind: 'missing'; readonly item: FromItem | undefined; readonly candidates: readonly string[] }
  | { readonly kind: 'unknown' };

export interface ColumnReference {
  readonly name: string;
  /** The column's name alone, without its qualifier. */
  readonly range: Range;
  /** The FROM item's name in front of it. */
  readonly qualifier: { readonly item: FromItem | undefined; readonly range: Range } | undefined;
  readonly resolution: Resolution;
}

/** `t.*` and `*`. */
export interface StarReference {
  readonly range: Range;
  readonly qualifier: ColumnReference['qualifier'];
  readonly columns: Columns;
}

export interface Scopes {
  /** Inner queries before those around them; the last one is the statement's own. */
  readonly queries: readonly Query[];
  readonly ctes: readonly Cte[];
  /** In the order of the text. */
  readonly references: readonly ColumnReference[];
  readonly stars: readonly StarReference[];
  /** What the last statement gives. */
  readonly output: Columns;
}

/** FROM items as a name in a clause sees them. */
export interface Namespace {
  readonly items: readonly FromItem[];
  /** What `*` gives; columns that USING merged stand here once. */
  readonly star: readonly Visible[];
  readonly isComplete: boolean;
}

export interface Visible {
  readonly name: string;
  readonly type: string | undefined;
  readonly sources: readonly Source[];
}

/** A namespace within those of the queries around it. */
export interface Scope {
  readonly namespace: Namespace;
  readonly outer: Scope | undefined;
}

export const NO_COLUMNS: Columns = { known: [], isComplete: true };
export const UNKNOWN_COLUMNS: Columns = { known: [], isComplete: false };
export const EMPTY_NAMESPACE: Namespace = { items: [], star: [], isComplete: true };
