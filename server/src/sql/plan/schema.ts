/** What the caller knows of relations: their columns, and what the server guarantees of their rows. */

export interface Schema {
  /** Undefined where nothing is known of it. Names are as the server stores them. */
  relation(schema: string | undefined, name: string): Relation | undefined;
  /** Aggregates besides the server's own. */
  readonly aggregates?: ReadonlySet<string>;
}

export interface Relation {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly RelationColumn[];
  readonly keys: readonly RelationKey[];
  readonly foreignKeys: readonly ForeignKey[];
  /** Whether tables inherit from it: a scan without ONLY gives their rows too, and no key spans them. */
  readonly hasChildren: boolean;
  /** A view's query. */
  readonly definition: string | undefined;
}

export interface RelationColumn {
  readonly name: string;
  /** As `format_type` spells it; undefined where nobody knows. */
  readonly type: string | undefined;
  readonly notNull: boolean;
}

/** What a unique index, a unique constraint or an exclusion constraint guarantees. */
export interface RelationKey {
  readonly parts: readonly KeyPart[];
  /** The predicate of a partial index, as SQL over the relation's columns. */
  readonly where: string | undefined;
  /** Whether rows with NULL in a part may repeat. */
  readonly nulls: 'distinct' | 'not distinct';
  /** What it is called in a reason: `orders_pkey`, or `the test unique on orders.order_id`. */
  readonly name: string;
}

/** A column, or an expression as SQL over the relation's columns. */
export interface KeyPart {
  readonly column: string | undefined;
  readonly expression: string | undefined;
  /** `overlaps` in exclusion constraints: no two rows with equal other parts have ranges that overlap. */
  readonly operator: 'equals' | 'overlaps';
}

/** A validated foreign key. */
export interface ForeignKey {
  readonly columns: readonly string[];
  readonly to: { readonly schema: string; readonly name: string; readonly columns: readonly string[] };
}
